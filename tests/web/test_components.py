"""The dialplan's components, made on the screen by the manual's own procedures and words (S115-S182, S187-S194)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.company import Company
from tests.harness.tones import write_tone
from tests.web.axe import assert_accessible
from tests.web.cabinet import Cabinet


@pytest.fixture
def inside(operator: Cabinet, company: Company) -> Cabinet:
    """In the administration mode of a fresh client, at its Обзор."""
    operator.open(f"/c/{company.id}/overview")
    return operator


def saved(company: Company, section: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = company.api.get(f"{company.path}/{section}")["items"]
    return items


def limit(inside: Cabinet, name: str) -> None:
    """«Изменить → Ограничения» of a row; limits have a button of their own. The window stays open."""
    inside.row(name).get_by_text(name, exact=True).first.click(button="right")
    inside.page.get_by_role("menuitem", name="Изменить").click()
    inside.window.get_by_role("tab", name="Ограничения").click()
    inside.window.get_by_label("Количество входящих").fill("3")
    inside.window.get_by_role("button", name="Сохранить ограничения").click()
    expect(inside.page.get_by_text("Ограничения сохранены")).to_be_visible()
    inside.shot("limits")


def test_a_forwarding_number(inside: Cabinet, company: Company) -> None:
    """«Сервисы → Номера переадресации → Создать»: Общие, ДВО (S129-S143)."""
    inside.menu("Номера переадресации")
    expect(inside.page.get_by_text("Номеров переадресации пока нет")).to_be_visible()
    inside.button("Создать").click()
    inside.window.get_by_role("textbox", name="Номер").fill("123")
    inside.window.get_by_label("Описание").fill("Дежурный инженер")
    inside.window.get_by_label("Название").fill("Мобильный")
    inside.window.get_by_role("tab", name="ДВО").click()
    for name in ("Перевод", "Перехват", "Удержание звонка", "Парковка вызова", "Автоматическая запись",
                 "Запись по запросу", "Возврат вызова", "Только гудки", "Передача видео", "Замена гудков"):  # fmt: skip
        expect(inside.window.get_by_role("switch", name=re.compile(f"^{name} [А-Я]"))).to_be_attached()
    inside.window.get_by_role("switch", name="Замена гудков").click()
    inside.shot("extras")
    inside.window.get_by_role("switch", name="Только гудки").click()  # puts the other off
    inside.window.get_by_role("switch", name="Автоматическая запись").click()
    inside.window.get_by_role("button", name="Сохранить").click()
    # A refusal of a field on another tab is brought forward
    expect(inside.window.get_by_role("textbox", name="Номер")).to_have_attribute("aria-invalid", "true")
    inside.shot("refused")
    inside.window.get_by_role("textbox", name="Номер").fill("89161234567")
    inside.save_window()
    expect(inside.row("Мобильный")).to_contain_text("+79161234567")
    assert_accessible(inside)
    inside.shot("list")
    (made,) = saved(company, "forwardings")
    extras = made["extras"]
    assert isinstance(extras, dict)
    assert extras["record"] and extras["ring_only"] and not extras["replace_ringing"]
    limit(inside, "Мобильный")
    assert company.api.get(f"{company.path}/limits/forwarding/{made['id']}")["limits"]["lines_in"] == 3


def test_a_pickup_group_and_its_members(inside: Cabinet, company: Company) -> None:
    """«Группы перехвата → Создать», then the group in the settings of a port (S176-S179)."""
    company.port("Линия 1")
    inside.menu("Группы перехвата")
    expect(inside.page.get_by_text("888#")).to_be_visible()
    inside.button("Создать").click()
    inside.window.get_by_label("Группа").fill("1")
    inside.window.get_by_label("Описание").fill("Менеджеры")
    inside.shot("window")
    inside.save_window()
    inside.menu("Порты VoIP")
    inside.page.get_by_role("button", name="Изменить: Линия 1").click()
    inside.choose("Группа", "Менеджеры")
    inside.window.get_by_role("tab", name="ДВО").click()
    inside.window.get_by_role("switch", name="Замена гудков").click()
    inside.shot("port-extras")
    inside.save_window()
    inside.menu("Группы перехвата")
    expect(inside.row("Менеджеры")).to_contain_text("Линия 1")
    inside.shot("members")
    (port,) = saved(company, "ports")
    assert isinstance(port["extras"], dict) and port["extras"]["replace_ringing"]
    # In use: the deletion is refused and says by what
    inside.page.get_by_role("button", name="Удалить: Менеджеры").click()
    inside.window.get_by_role("button", name="Удалить").click()
    expect(inside.window.get_by_role("alert")).to_contain_text("Линия 1")
    inside.shot("in-use")


def test_a_queue(inside: Cabinet, company: Company) -> None:
    """«Очереди обработки вызовов → Создать»: название, группа перехвата, язык, Агенты (S115-S127)."""
    company.port("Линия 1")
    company.port("Линия 2")
    company.api.post(f"{company.path}/pickup-groups", {"group": 1, "name": "Менеджеры"})
    company.api.post(f"{company.path}/forwardings", {"name": "Мобильный", "digits": "89161234567"})
    inside.menu("Очереди обработки вызовов")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Поддержка")
    inside.choose("Группа перехвата", "Менеджеры")
    inside.choose("Распределение звонков", "rrmemory")
    inside.choose("Язык", "Русский")
    inside.shot("general")
    inside.window.get_by_role("tab", name="Агенты").click()
    expect(inside.window).to_contain_text("Нет маршрута")
    for agent in ("Линия 1", "Линия 2", "Мобильный"):
        inside.choose("Добавить агента", agent)
    inside.window.get_by_role("button", name="Раньше: Мобильный").click()
    inside.shot("agents")
    inside.window.get_by_role("tab", name="Ожидание").click()
    inside.window.get_by_label("Мест в очереди").fill("5")
    inside.window.get_by_text("Сообщать место в очереди").click()
    inside.shot("waiting")
    inside.save_window()
    expect(inside.row("Поддержка")).to_contain_text("Менеджеры")
    (queue,) = saved(company, "queues")
    agents = queue["agents"]
    assert isinstance(agents, list)
    assert [agent["title"].split(" · ")[0] for agent in agents] == ["Линия 1", "Мобильный", "Линия 2"]
    assert queue["strategy"] == "rrmemory" and queue["max_waiting"] == 5 and queue["announce_place"]
    limit(inside, "Поддержка")
    assert company.api.get(f"{company.path}/limits/queue/{queue['id']}")["limits"]["lines_in"] == 3
    inside.window.get_by_role("tab", name="Сейчас").click()
    expect(inside.window).to_contain_text("Никто не ждёт.")
    expect(inside.window).to_contain_text("не на месте")
    inside.shot("now")
    inside.window.get_by_role("button", name="Закрыть").first.click()
    expect(inside.window).to_have_count(0)
    assert_accessible(inside)


def test_a_voice_menu(inside: Cabinet, company: Company, tmp_path: Path) -> None:
    """Анонс from the media files, then «Голосовые меню → Создать» with its keys (S148-S156)."""
    company.number("100")
    company.number("101")
    inside.menu("Медиафайлы")
    inside.button("Загрузка файла").click()
    inside.window.locator("input[type=file]").set_input_files(write_tone(tmp_path / "welcome.wav", 440, 1))
    inside.save_window()
    expect(inside.row("welcome")).to_be_visible()
    inside.menu("Голосовые меню")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Главное")
    inside.window.get_by_label("Время ожидания").fill("7")
    inside.choose("Анонс", "welcome")
    inside.window.get_by_text("Внутренние номера", exact=True).click()
    inside.shot("general")
    inside.window.get_by_role("tab", name="Меню").click()
    inside.choose("Клавиша 1", "100")
    inside.choose("Клавиша #", "101")
    inside.shot("keys")
    inside.save_window()
    expect(inside.row("Главное")).to_contain_text("1 → 100")
    (menu,) = saved(company, "menus")
    assert menu["wait_s"] == 7 and menu["extension_dial"] and menu["announcement_name"] == "welcome"
    limit(inside, "Главное")
    assert company.api.get(f"{company.path}/limits/menu/{menu['id']}")["limits"]["lines_in"] == 3


def test_a_classifier_by_hand_and_from_a_file(inside: Cabinet, company: Company, tmp_path: Path) -> None:
    """«Классификаторы → Создать», «Контакты → Создать», and a list from a CSV file tried first (S167-S170)."""
    inside.menu("Классификаторы")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Чёрный список")
    inside.window.get_by_label("Описание").fill("Назойливые")
    inside.window.get_by_role("button", name="Сохранить").click()
    # Saved, and at once at its contacts
    expect(inside.window.get_by_text("Контактов пока нет")).to_be_visible()
    inside.window.get_by_role("button", name="Создать", exact=True).click()
    contact = inside.page.get_by_role("dialog", name="Новый контакт")
    contact.get_by_label("Наименование").fill("Реклама")
    contact.get_by_label("CLIP").fill("+79160000001")
    inside.shot("contact")
    contact.get_by_role("button", name="Сохранить").click()
    expect(contact).to_have_count(0)
    expect(inside.row("Реклама")).to_contain_text("+79160000001")

    lines = "+79160000001;Реклама;та же\n+79160000002;Опрос;\nне номер;Ошибка;\n+7495*;Город;маска\n"
    table = tmp_path / "list.csv"
    table.write_text(lines, encoding="utf-8")
    inside.window.get_by_role("button", name="Загрузить из файла").click()
    importing = inside.page.get_by_role("dialog", name="Контакты из файла CSV")
    importing.locator("input[type=file]").set_input_files(table)
    importing.get_by_role("button", name="Проверить").click()
    expect(importing.get_by_role("status")).to_contain_text("Добавится: 2")
    expect(importing.get_by_role("status")).to_contain_text("с ошибкой: 1")
    inside.shot("import-tried")
    path = f"{company.path}/classifiers/{saved(company, 'classifiers')[0]['id']}/contacts"
    assert company.api.get(path)["total"] == 1, "a trial changes nothing"
    importing.get_by_role("button", name="Загрузить", exact=True).click()
    expect(importing).to_have_count(0)
    expect(inside.row("+7495*")).to_be_visible()
    inside.shot("contacts")
    assert company.api.get(path)["total"] == 3


def test_a_media_package_and_a_media_file(inside: Cabinet, company: Company, tmp_path: Path) -> None:
    """A package marked *, «Загрузка файла», then «Медиафайлы → Создать» from it (S187-S194)."""
    inside.menu("Медиапакеты")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Музыка")
    inside.save_window()
    expect(inside.row("Музыка *")).to_be_visible()
    inside.page.get_by_role("button", name="Файлы медиапакета «Музыка»").click()
    inside.window.locator("input[type=file]").set_input_files(write_tone(tmp_path / "moh.wav", 440, 1))
    expect(inside.row("moh")).to_be_visible()
    inside.shot("files")
    inside.page.keyboard.press("Escape")

    inside.menu("Медиафайлы")
    inside.button("Создать").click()
    inside.choose("Медиафайл", "moh")
    inside.window.get_by_label("Название").fill("Ожидайте")
    inside.shot("media-file")
    inside.save_window()
    expect(inside.row("Ожидайте")).to_be_visible()
    number = company.number("100")
    inside.open(f"/c/{company.id}/numbers/{number}/dialplan")
    inside.click_free_space(0.5, 0.4)
    inside.act("Звуковые сообщения", "Звуковое сообщение", "Ожидайте")
    inside.close_step()
    expect(inside.step("Звуковое сообщение Ожидайте")).to_be_visible()


def test_rooms_boxes_and_holidays(inside: Cabinet, company: Company) -> None:
    """«Конференции», «Ящики голосовой почты» (S164) and the client's holidays."""
    inside.menu("Конференции")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Планёрка")
    inside.window.get_by_label("PIN").fill("1234")
    inside.shot("room")
    inside.save_window()
    expect(inside.row("Планёрка")).to_contain_text("да")

    inside.menu("Ящики голосовой почты")
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Секретарь")
    inside.window.get_by_label("Номер ящика").fill("100")
    inside.window.get_by_role("tab", name="Почта").click()
    inside.window.get_by_label("Email").fill("office@example.ru")
    inside.shot("box")
    inside.save_window()
    inside.page.get_by_role("button", name="Сообщения ящика «Секретарь»").click()
    expect(inside.window.get_by_text("Сообщений нет.")).to_be_visible()
    inside.page.keyboard.press("Escape")
    assert_accessible(inside)

    inside.menu("Праздники")
    inside.button("Праздники России").click()
    inside.page.get_by_label("Год").fill("2027")
    inside.page.get_by_role("dialog").get_by_role("button", name="Добавить").click()
    expect(inside.row("9 мая 2027")).to_be_visible()
    inside.page.keyboard.press("Escape")
    inside.button("Добавить").first.click()
    inside.window.get_by_label("День").fill("2027-07-15")
    inside.window.get_by_label("Название").fill("День компании")
    inside.save_window()
    expect(inside.row("День компании")).to_be_visible()
    inside.shot("holidays")
    assert len(saved(company, "conferences")) == len(saved(company, "mailboxes")) == 1
