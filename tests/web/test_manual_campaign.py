"""«Телемаркетинг» by the manual's steps: contacts are called one after another, and who answers may have a manager."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance
from tests.harness.tones import write_tone
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader


@pytest.fixture
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.67", "127.0.0.68")
    yield made
    made.close()


def test_debtors_are_called(operator: Cabinet, company: Company, city: City, tmp_path: Path) -> None:
    """From «Создать» over «Классификаторы → Добавить» to «изменить статус с Заблокирована на Активна» (S197-S207)."""
    manager = company.line("100")
    company.external(f"7495732{company.id:04d}")
    # «все пункты кроме Телемаркетинга описаны выше»: the announcement, the voice menu, the number, the contacts
    sound = company.api.upload(
        f"{company.path}/sounds",
        {"name": "Оповещение"},
        "debt.wav",
        write_tone(tmp_path / "debt.wav", 440, 6).read_bytes(),
    )
    keys = [{"key": "1", "number_id": manager.number_id}]
    menu = {"name": "Долги", "announcement_id": sound["id"], "keys": keys}
    menu_id = company.api.post(f"{company.path}/menus", menu)["id"]
    company.dialplan(company.number("150"), [step(1, {"kind": "menu", "menu_id": menu_id})])
    debtors = company.api.post(f"{company.path}/classifiers", {"name": "Должники"})["id"]
    for name, clip in (("Иванов", "+74951110001"), ("Петров", "+74951110002")):
        company.api.post(f"{company.path}/classifiers/{debtors}/contacts", {"name": name, "clip": clip})

    operator.open(f"/c/{company.id}/overview")
    reader = Reader(operator)
    # «Заходим в раздел Телемаркетинг и нажимаем кнопку Создать. Где указываем Название, Описание, Номер обработки»
    reader.follow("Телемаркетинг → Создать")
    reader.fill({"Название": "Оповещение о долгах", "Описание": "29 ноября"})
    operator.window.get_by_role("combobox", name="Номер обработки").fill("150")
    operator.page.get_by_role("option", name="150").click()
    reader.save()
    row = operator.row("Оповещение о долгах")
    expect(row).to_contain_text("Заблокирована")
    # «в окне настройки исходящей компании выбираем вкладку Классификаторы, нажимаем Добавить. Выбираем нужные контакты»
    reader.change("Оповещение о долгах")
    reader.tab("Классификаторы")
    operator.window.get_by_role("combobox", name="Добавить").click()
    operator.page.get_by_role("option", name="Должники").click()
    operator.shot("campaign")
    reader.save()
    expect(row).to_contain_text("Должники")
    company.wait_active()

    # «для запуска надо изменить статус с Заблокирована на Активна»
    manager.phone.register()
    city.first.hertz = 900
    talk, debtor = manager.phone.answer(talk_ms=800), city.first.answer(keys=",1")
    reader.change("Оповещение о долгах")
    operator.choose("Статус", "Активна")
    operator.shot("status")
    reader.save()
    # «Ему проигрывается информационное сообщение, после чего предлагается … соединить с менеджером или повесить трубку»
    talk.wait(60)
    busy = city.first.refuse(
        "486 Busy Here"
    )  # the next one; «По окончании разговора, все повторяется с пункта 1»
    debtor.wait()
    assert any(abs(hertz - 440) < 15 for hertz in debtor.heard()), debtor.heard()
    busy.wait()
    expect(row).to_contain_text("Завершена")
    expect(row).to_contain_text("2 из 2, ответили 1")
    reader.change("Оповещение о долгах")
    reader.tab("Ход обзвона")
    expect(operator.window.get_by_role("row", name="Иванов")).to_contain_text("ответил")
    expect(operator.window.get_by_role("row", name="Петров")).to_contain_text("занято")
    operator.shot("called")
    operator.page.keyboard.press("Escape")
    expect(operator.window).to_have_count(0)
    reader.detail("4951110001", "отвечен")
    reader.detail("4951110002", "занято")
