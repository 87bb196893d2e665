"""The dialplan's components, made on the screen by the manual's own procedures and words, then called (S115-S194)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.city import City
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.harness.tones import write_tone
from tests.web import softphone
from tests.web.axe import assert_accessible
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader


@pytest.fixture
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.64", "127.0.0.65")
    yield made
    made.close()


@pytest.fixture
def inside(operator: Cabinet, company: Company) -> Cabinet:
    """In the administration mode of a fresh client, at its Обзор."""
    operator.open(f"/c/{company.id}/overview")
    return operator


def saved(company: Company, section: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = company.api.get(f"{company.path}/{section}")["items"]
    return items


@pytest.fixture
def reader(inside: Cabinet) -> Reader:
    """Somebody who does there what the manual says."""
    return Reader(inside)


def limits_of(company: Company, scope: str, thing: dict[str, object]) -> tuple[object, object]:
    """«Длительность входящих», «Количество входящих»."""
    limits = company.api.get(f"{company.path}/limits/{scope}/{thing['id']}")["limits"]
    return limits["duration_in_s"], limits["lines_in"]


def test_a_forwarding_number(inside: Cabinet, reader: Reader, company: Company, city: City) -> None:
    """«Сервисы → Номера переадресации → Создать»: Общие, ДВО, Ограничения (S129-S146)."""
    reader.follow("Сервисы → Номера переадресации → Создать")
    inside.choose("Язык", "Русский")
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
    reader.tab("Ограничения")
    reader.fill({"Длительность входящих": "600", "Количество входящих": "3"})
    inside.shot("limits")
    inside.window.get_by_role("button", name="Сохранить").click()
    # A refusal of a field on another tab is brought forward
    expect(inside.window.get_by_role("textbox", name="Номер")).to_have_attribute("aria-invalid", "true")
    inside.shot("refused")
    inside.window.get_by_role("textbox", name="Номер").fill("89161234567")
    inside.save_window()
    expect(inside.row("Мобильный")).to_contain_text("+7 916 123-45-67")
    assert_accessible(inside)
    inside.shot("list")
    (made,) = saved(company, "forwardings")
    extras = made["extras"]
    assert isinstance(extras, dict)
    assert extras["record"] and extras["ring_only"] and not extras["replace_ringing"]
    assert limits_of(company, "forwarding", made) == (600, 3)
    # «В диалплане данный номер переадресации можно найти в пункте Заданный номер»: the mobile rings, in the city
    caller = company.line("101")
    company.number("200")
    company.external(f"7495731{company.id:04d}")
    reader.leads("200", "Заданный номер", "Номер переадресации", "Мобильный")
    caller.phone.register()
    mobile = city.first.answer()
    caller.phone.call("200")
    mobile.wait()
    assert "INVITE sip:79161234567@" in mobile.messages()
    reader.detail("101", "200", "отвечен")


def test_a_pickup_group_and_its_members(inside: Cabinet, reader: Reader, company: Company) -> None:
    """«Группы перехвата → Создать», then the group in the settings of a port (S176-S179)."""
    lines = [company.line(digits) for digits in ("101", "102", "103")]
    reader.follow("Группы перехвата → Создать")
    expect(inside.page.get_by_text("888#")).to_be_visible()
    expect(inside.window.get_by_label("Группа")).to_have_value("1")  # the next free one
    inside.window.get_by_label("Описание").fill("Менеджеры")
    inside.shot("window")
    inside.save_window()
    reader.follow("Порты → Порты VoIP")
    for name in ("Линия 101", "Линия 102"):
        reader.change(name)
        inside.choose("Группа", "Менеджеры")
        inside.window.get_by_role("tab", name="ДВО").click()
        inside.window.get_by_role("switch", name="Замена гудков").click()
        inside.shot("port-extras")
        inside.save_window()
    inside.menu("Группы перехвата")
    expect(inside.row("Менеджеры")).to_contain_text("Линия 102")
    inside.shot("members")
    port = next(one for one in saved(company, "ports") if one["id"] == lines[0].port_id)
    assert isinstance(port["extras"], dict) and port["extras"]["replace_ringing"]
    # 101 is not at his desk: his colleague takes the call with 888#
    company.wait_active()
    for line in lines:
        line.phone.register()
    away, colleague, caller = (line.phone for line in lines)
    rings = away.let_ring()
    call = caller.start_call("101", callee_ends=True)
    wait_for(lambda: "180 Ringing" in rings.messages(), 10, rings.messages)
    colleague.call("888#", talk_ms=600)
    call.wait()
    rings.stop()
    # The call of 888# has a row of its own
    taken = [row for row in company.calls(2) if row["called"] == "101"]
    assert [(row["result"], row["answered_by"]) for row in taken] == [("answered", "102")]
    reader.detail("103", "101", "отвечен")
    inside.menu("Группы перехвата")
    # In use: the deletion is refused and says by what
    inside.page.get_by_role("button", name="Удалить: Менеджеры").click()
    inside.window.get_by_role("button", name="Удалить").click()
    expect(inside.window.get_by_role("alert")).to_contain_text("Линия 101")
    inside.shot("in-use")


def test_a_queue(inside: Cabinet, reader: Reader, company: Company) -> None:
    """«Очереди обработки вызовов → Создать»: название, группа перехвата, язык, Агенты (S115-S127)."""
    first, second = company.line("101"), company.line("102")
    company.api.post(f"{company.path}/pickup-groups", {"group": 1, "name": "Менеджеры"})
    company.api.post(f"{company.path}/forwardings", {"name": "Мобильный", "digits": "89161234567"})
    reader.follow("Сервисы → Очереди обработки вызовов → Создать")
    inside.window.get_by_label("Название").fill("Поддержка")
    inside.choose("Группа перехвата", "Менеджеры")
    inside.choose("Распределение звонков", "rrmemory")
    inside.choose("Язык", "Русский")
    inside.shot("general")
    inside.window.get_by_role("tab", name="Агенты").click()
    expect(inside.window).to_contain_text("Нет маршрута")
    for agent in ("Линия 101", "Линия 102", "Мобильный"):
        inside.choose("Добавить агента", agent)
    inside.window.get_by_role("button", name="Раньше: Мобильный").click()
    inside.shot("agents")
    inside.window.get_by_role("tab", name="Ожидание").click()
    inside.window.get_by_label("Мест в очереди").fill("5")
    inside.window.get_by_text("Сообщать место в очереди").click()
    inside.shot("waiting")
    reader.tab("Ограничения")
    reader.fill({"Количество входящих": "3"})
    inside.save_window()
    expect(inside.row("Поддержка")).to_contain_text("Менеджеры")
    (queue,) = saved(company, "queues")
    agents = queue["agents"]
    assert isinstance(agents, list)
    assert [agent["title"].split(" · ")[0] for agent in agents] == ["Линия 101", "Мобильный", "Линия 102"]
    assert queue["strategy"] == "rrmemory" and queue["max_waiting"] == 5 and queue["announce_place"]
    assert limits_of(company, "queue", queue) == (None, 3)
    reader.change("Поддержка")
    inside.window.get_by_role("tab", name="Сейчас").click()
    expect(inside.window).to_contain_text("Никто не ждёт.")
    expect(inside.window).to_contain_text("не на месте")
    inside.shot("now")
    inside.window.get_by_role("button", name="Закрыть").first.click()
    expect(inside.window).to_have_count(0)
    assert_accessible(inside)
    # A caller of the queue is answered by the agent who is there
    company.number("200")
    reader.leads("200", "Очередь", "Очередь обработки вызовов", "Поддержка")
    first.phone.register()
    second.phone.register()
    agent = second.phone.answer()
    first.phone.call("200")
    agent.wait()
    assert company.calls(1)[0]["answered_by"] == "102"
    reader.detail("101", "200", "отвечен")


def test_a_voice_menu(
    inside: Cabinet, reader: Reader, company: Company, tmp_path: Path, new_cabinet: Callable[..., Cabinet]
) -> None:
    """Анонс from the media files, then «Голосовые меню → Создать» with its keys (S148-S156)."""
    secretary = company.line("100")
    company.number("101")
    reader.follow("Медиаресурсы → Медиафайлы → Загрузка файла")
    inside.window.locator("input[type=file]").set_input_files(write_tone(tmp_path / "welcome.wav", 440, 9))
    inside.save_window()
    expect(inside.row("welcome")).to_be_visible()
    reader.follow("Сервисы → Голосовые меню → Создать")
    reader.fill({"Название": "Главное", "Описание": "Первое, что слышит звонящий"})
    inside.choose("Язык", "Русский")
    inside.window.get_by_label("Время ожидания").fill("7")
    inside.choose("Анонс", "welcome")
    inside.window.get_by_text("Внутренние номера", exact=True).click()
    inside.shot("general")
    inside.window.get_by_role("tab", name="Меню").click()
    inside.choose("Клавиша 1", "100")
    inside.choose("Клавиша #", "101")
    inside.shot("keys")
    # «Если нужно чтобы звучали гудки, установите Только гудки», else all stays as it is
    reader.tab("ДВО")
    expect(inside.window.get_by_role("switch", name="Только гудки")).not_to_be_checked()
    expect(inside.window.get_by_role("switch", name="Замена гудков")).to_be_attached()
    reader.tab("Ограничения")
    reader.fill({"Длительность входящих": "600", "Количество входящих": "3"})
    inside.save_window()
    expect(inside.row("Главное")).to_contain_text("1 → 100")
    (menu,) = saved(company, "menus")
    assert menu["wait_s"] == 7 and menu["extension_dial"] and menu["announcement_name"] == "welcome"
    assert limits_of(company, "menu", menu) == (600, 3)
    # Called from a browser: the announcement is heard, key 1 leads to 100
    company.number("200")
    reader.leads("200", "Голосовое меню", "Меню", "Главное")
    login = f"menu-{company.id}"
    user = {"login": login, "password": "Voice-menus-7", "role": "client_user"}
    owner = company.api.post(f"{company.path}/users", user)["id"]
    company.port("Браузер", webrtc=True, owner_id=owner)
    company.wait_active()
    secretary.phone.register()
    visitor = new_cabinet()
    softphone.prepare(visitor.page)
    visitor.log_in(login, user["password"])
    softphone.switch_on(visitor)
    answered = secretary.phone.answer(talk_ms=1500)
    softphone.dial(visitor, "200")
    softphone.hears(visitor.page)
    keys = visitor.page.get_by_role("region", name="Телефон")
    keys.get_by_role("button", name="1", exact=True).click()
    answered.wait()
    (call,) = company.calls(1)
    assert any("100" in item["text"] for item in company.card(call["id"])["path"])
    reader.detail("200", "отвечен")


def test_a_classifier_by_hand_and_from_a_file(
    inside: Cabinet, reader: Reader, company: Company, tmp_path: Path
) -> None:
    """«Классификаторы → Создать», «Контакты → Создать», and a list from a CSV file tried first (S167-S170)."""
    reader.follow("Классификаторы → Создать")
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
    expect(inside.row("Реклама")).to_contain_text("+7 916 000-00-01")

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


def test_a_media_package_and_a_media_file(
    inside: Cabinet, reader: Reader, company: Company, tmp_path: Path
) -> None:
    """A package marked *, «Загрузка файла», then «Медиафайлы → Создать» from it (S187-S194)."""
    reader.follow("Медиаресурсы → Медиапакеты")
    inside.row("Музыка на удержании *").get_by_text("Музыка на удержании *", exact=True).click()
    inside.window.locator("input[type=file]").set_input_files(write_tone(tmp_path / "moh.wav", 440, 1))
    expect(inside.row("moh")).to_be_visible()
    inside.shot("files")
    inside.page.keyboard.press("Escape")

    reader.follow("Медиаресурсы → Медиафайлы → Создать")
    inside.choose("Медиафайл", "moh")
    inside.window.get_by_label("Название").fill("Ожидайте")
    inside.shot("media-file")
    inside.save_window()
    expect(inside.row("Ожидайте")).to_be_visible()
    # The two other ways to a message: a file, refused beside its field when it is no sound, and a text that is spoken.
    inside.button("Создать").click()
    inside.window.get_by_label("Название").fill("Закрыто")
    inside.window.get_by_text("Файл", exact=True).click()
    (tmp_path / "no.wav").write_text("это не звук")
    inside.window.locator("input[type=file]").set_input_files(tmp_path / "no.wav")
    inside.window.get_by_role("button", name="Сохранить", exact=True).click()
    expect(inside.window.get_by_text("no.wav")).to_be_visible()
    expect(inside.window.locator("[data-error], [aria-invalid=true]").first).to_be_visible()
    inside.shot("no-sound")
    inside.window.get_by_text("Из текста", exact=True).click()
    inside.window.get_by_role("textbox", name="Текст").fill("Мы закрыты до понедельника.")
    inside.button("Послушать").click()
    spoken = inside.window.locator("audio")
    expect(spoken).to_be_visible()
    wait_for(lambda: bool(spoken.evaluate("sound => sound.duration > 1")), 15)
    inside.shot("spoken")
    inside.save_window()
    expect(inside.row("Закрыто")).to_be_visible()
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
