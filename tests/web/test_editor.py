"""The graphical editor in full: the manual's «сложный диалплан» drawn and proved by calls; undo, copies, many steps."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.harness.city import City
from tests.harness.company import Company, step
from tests.harness.instance import Instance
from tests.web.axe import assert_accessible
from tests.web.cabinet import Cabinet
from tests.web.manual import Reader

UNWANTED = "79160000001"


@pytest.fixture(scope="module")
def city(instance: Instance) -> Iterator[City]:
    made = City(instance, "127.0.0.60", "127.0.0.61")
    yield made
    made.close()


def dialplan_of(company: Company, number: int) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = company.api.get(f"{company.path}/numbers/{number}/dialplan")["steps"]
    return steps


def test_the_manuals_complex_dialplan(operator: Cabinet, company: Company, city: City) -> None:
    """Example 3 (S110): a black list, four windows at level 2, voicemail at level 3; then calls from the city."""
    page = operator.page
    work, duty = company.line("101"), company.line("102")
    number = company.external("74957300190")
    box = company.api.post(f"{company.path}/mailboxes", {"name": "Общий", "box": "100"})
    # 1. «зайти в раздел Классификаторы», 2. «нажать Создать, указать название классификатора и описание»
    operator.open(f"/c/{company.id}/overview")
    reader = Reader(operator)
    reader.follow("Классификаторы → Создать")
    reader.fill({"Название": "Чёрный список", "Описание": "Нежелательные номера"})
    operator.window.get_by_role("button", name="Сохранить").click()
    expect(operator.window.get_by_text("Контактов пока нет")).to_be_visible()
    operator.window.get_by_role("button", name="Закрыть").last.click()
    expect(operator.window).to_have_count(0)
    # «Выбираем наш список, нажимаем Изменить, во вкладке Контакты нажимаем создать», «номер указывается через +7»
    reader.change("Чёрный список")
    reader.tab("Контакты")
    operator.window.get_by_role("button", name="Создать", exact=True).click()
    contact = page.get_by_role("dialog", name="Новый контакт")
    for label, value in (("Наименование", "Реклама"), ("Описание", "Навязчивая"), ("CLIP", f"+{UNWANTED}")):
        contact.get_by_role("textbox", name=label).fill(value)
    contact.get_by_role("button", name="Сохранить").click()
    expect(contact).to_have_count(0)
    expect(operator.row("Реклама")).to_contain_text("+7 916 000-00-01")
    operator.window.get_by_role("button", name="Закрыть").last.click()
    expect(operator.window).to_have_count(0)
    (black,) = company.api.get(f"{company.path}/classifiers")["items"]

    # «Внешние номера → Изменить»; «Первым слоем указываем Классификатор вызовов, в нем выберем наш Черный список»
    reader.follow("Ресурс нумерации → Внешние номера")
    page.get_by_role("link", name="Изменить: +7 495 730-01-90").click()
    expect(page.get_by_text("Диалплан пуст", exact=True)).to_be_visible()
    operator.click_free_space(0.3, 0.3)
    operator.act("Классификатор вызовов", "Классификатор", "Чёрный список")
    operator.shot("classifier")
    operator.window.get_by_role("tab", name="Слои").click()
    operator.window.get_by_label("Найден", exact=True).fill("20")
    operator.window.get_by_label("Не найден").fill("2")
    expect(operator.window).to_contain_text("такого уровня нет — отбой")
    operator.shot("found-and-not-found")
    operator.close_step()

    # Four layers of level 2, the narrow window first
    windows = [
        ("13:00", "14:00", "Линия 102"),  # Обед
        ("09:30", "18:30", "Линия 101"),  # Основное рабочее время
        ("18:30", "20:30", "Линия 102"),  # Дежурный
        (None, None, "Линия 101"),  # Не рабочее время
    ]
    for place, (begin, end, line) in enumerate(windows):
        operator.button("Добавить шаг").click()
        operator.act("SIP", "Порт", line)
        operator.window.get_by_label("Таймаут").fill("90")
        operator.window.get_by_role("tab", name="Слои").click()
        operator.window.get_by_label("Уровень").fill("2")
        operator.window.get_by_label("Нет ответа").fill("3")
        if begin and end:
            operator.window.get_by_role("tab", name="Дни").click()
            operator.window.get_by_role("button", name="Пн–Пт").click()
            operator.window.get_by_label("Время с").fill(begin)
            operator.window.get_by_label("до", exact=True).fill(end)
        if place == 0:
            operator.shot("days")
        operator.close_step()
    operator.button("Добавить шаг").click()
    operator.act("Голосовая почта", "Ящик голосовой почты", "Общий")
    operator.window.get_by_role("tab", name="Слои").click()
    operator.window.get_by_label("Уровень").fill("3")
    operator.close_step()
    operator.button("Разложить").click()
    expect(page.get_by_text("Пн–Пт 13:00–14:00")).to_be_visible()
    expect(page.get_by_text("остальное время")).to_be_visible()
    expect(page.get_by_text("Уровень 20 — отбой")).to_be_visible()
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    operator.shot("complex-dialplan")
    assert_accessible(operator)

    steps = dialplan_of(company, number)
    assert [one["level"] for one in steps] == [1, 2, 2, 2, 2, 3]
    assert steps[0]["action"] == {"kind": "classifier", "classifier_id": black["id"]}
    assert steps[5]["action"] == {"kind": "mailbox", "mailbox_id": box["id"]}

    # From the city: the unwanted caller is turned away, another one reaches whom the hour says
    company.wait_active()
    for line in (work, duty):
        line.phone.register()
    city.first.login = UNWANTED
    city.first.call("74957300190", status=603)
    waiting = [work.phone.answer(), duty.phone.answer()]
    city.first.login = "79161112233"
    city.first.call("74957300190")
    for phone in waiting:
        phone.stop()
    rows = company.calls(2)
    assert [row["result"] for row in rows][0] == "answered"
    assert rows[1]["result"] != "answered"
    path = " ".join(item["text"] for item in company.card(rows[0]["id"])["path"])
    assert "Чёрный список" in path and "Линия 10" in path, path
    reader.detail("4957300190", "отвечен")


def test_what_a_step_leads_to_must_exist_first(operator: Cabinet, company: Company) -> None:
    """An empty list says so and leads to where the thing is made (S112)."""
    number = company.number("100")
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    operator.click_free_space(0.5, 0.4)
    operator.act("Очередь")
    expect(operator.window).to_contain_text("сначала создайте очередь")
    operator.window.get_by_role("button", name="Закрыть").last.click()
    expect(operator.window.get_by_role("alert")).to_be_visible()
    operator.shot("nothing-yet")
    with operator.page.context.expect_page() as opened:
        operator.window.get_by_role("link", name="Создать…").click()
    there = opened.value
    there.get_by_role("dialog").get_by_label("Название").fill("Поддержка")
    there.get_by_role("dialog").get_by_role("button", name="Сохранить").click()
    expect(there.get_by_role("row").filter(has_text="Поддержка")).to_be_visible()
    there.close()
    operator.page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    operator.choose("Очередь обработки вызовов", "Поддержка")
    operator.close_step()
    expect(operator.step("Очередь Поддержка")).to_be_visible()


def test_several_at_once_with_own_extras_and_limits(operator: Cabinet, company: Company) -> None:
    """«Одновременный вызов», tabs ДВО and Ограничения of a step (S113, S114)."""
    company.port("Линия 1")
    company.port("Линия 2")
    number = company.number("100")
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    operator.click_free_space(0.5, 0.4)
    operator.act("Одновременный вызов")
    operator.choose("Порты", "Линия 1")
    operator.choose("Порты", "Линия 2")
    operator.page.keyboard.press("Tab")
    operator.shot("ring")
    operator.window.get_by_role("tab", name="ДВО").click()
    expect(operator.window).to_contain_text("Действуют ДВО того, куда ведёт шаг")
    operator.window.get_by_text("Свои для этого шага").click()
    operator.window.get_by_role("switch", name="Автоматическая запись").click()
    operator.shot("extras")
    operator.window.get_by_role("tab", name="Ограничения").click()
    operator.window.get_by_label("Количество вызовов").fill("2")
    operator.window.get_by_label("Длительность разговора").fill("600")
    operator.window.get_by_label("Минут в день").fill("30")
    operator.window.get_by_role("checkbox", name="международный").uncheck()
    operator.shot("limits")
    operator.close_step()
    operator.save_dialplan()
    expect(operator.page.get_by_test_id("provisioning")).to_contain_text("активно на")
    (saved,) = dialplan_of(company, number)
    assert isinstance(saved["action"], dict) and len(saved["action"]["port_ids"]) == 2
    assert isinstance(saved["extras"], dict) and saved["extras"]["record"] and saved["extras"]["transfer"]
    limits = {name: value for name, value in saved["limits"].items() if value}
    assert limits == {"lines": 2, "duration_s": 600, "minutes_day": 30, "closed": ["international"]}


def test_undo_redo_copy_paste_and_delete(operator: Cabinet, company: Company) -> None:
    page = operator.page
    line = company.line("100")
    operator.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    steps = page.get_by_test_id("step")
    node = operator.step("SIP Линия 100").locator("xpath=ancestor::*[@tabindex='0'][1]")
    node.focus()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(steps).to_have_count(2)
    expect(page.get_by_text("2-й из 2")).to_be_visible()  # a copy comes last at its level
    page.keyboard.press("Control+z")
    expect(steps).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    expect(steps).to_have_count(2)
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    # «Отменить» reaches back over a save, and saving that is fine too
    operator.button("Отменить").click()
    expect(steps).to_have_count(1)
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    operator.button("Повторить").click()
    expect(steps).to_have_count(2)
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    assert len(dialplan_of(company, line.number_id)) == 2

    steps.nth(1).click(button="right")
    operator.shot("menu-of-a-step")
    page.get_by_role("menuitem", name="Удалить шаг").click()
    expect(steps).to_have_count(1)
    # The arrow keys move a step, and it stays where it was put
    before = steps.first.bounding_box()
    operator.step("SIP Линия 100").locator("xpath=ancestor::*[@tabindex='0'][1]").focus()
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    after = steps.first.bounding_box()
    assert before and after and after["y"] > before["y"]
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    (saved,) = dialplan_of(company, line.number_id)
    assert isinstance(saved["y"], int) and saved["y"] > 0


def test_a_hundred_steps(operator: Cabinet, company: Company) -> None:
    """Large dialplans: a map, a search by name, and the picture answers."""
    port = company.port("Линия 1")
    number = company.number("100")
    action = {"kind": "port", "port_id": port["id"]}
    steps = [step(level, action, 20, no_answer=level + 1) for level in range(1, 100)]
    company.dialplan(number, [*steps, step(100, {"kind": "hangup", "cause": 17})])
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    expect(operator.page.get_by_test_id("step")).to_have_count(100)
    operator.shot("hundred")
    operator.page.get_by_role("combobox", name="Найти шаг").fill("Отбой")
    operator.page.get_by_role("option", name="100. Отбой").click()
    expect(operator.step("Отбой: Занято")).to_be_in_viewport()
    operator.page.wait_for_timeout(400)
    operator.shot("found")
    operator.page.keyboard.press("Enter")
    expect(operator.window).to_contain_text("уровень 100")


def test_what_is_beyond_the_first_page_is_searched_at_the_server(operator: Cabinet, company: Company) -> None:
    """More than a hundred of a kind: the last one is found by name, stands on the picture, and is there on return."""
    for place in range(101):
        digits = f"7916200{place:04}"
        name = "Яхта" if place == 100 else f"Запас {place:03}"
        company.api.post(f"{company.path}/forwardings", {"name": name, "digits": digits})
    number = company.number("100")
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    operator.click_free_space(0.5, 0.4)
    operator.act("Заданный номер")
    field = operator.window.get_by_role("combobox", name="Номер переадресации", exact=True)
    field.click()
    expect(operator.page.get_by_role("option", name="Здесь не все")).to_be_attached()
    field.fill("200-01-00")
    operator.page.get_by_role("option", name="Яхта · +7 916 200-01-00").click()
    expect(field).to_have_value("Яхта · +7 916 200-01-00")
    operator.shot("beyond-the-page")
    operator.close_step()
    expect(operator.step("Заданный номер Яхта")).to_be_visible()
    operator.button("Добавить шаг").click()
    operator.window.get_by_role("combobox", name="Действие", exact=True).fill("яхта")
    operator.page.get_by_role("option", name="Заданный номер: Яхта").click()
    operator.close_step()
    operator.save_dialplan()
    operator.page.reload()
    expect(operator.step("Заданный номер Яхта")).to_have_count(2)
    operator.open_step("Заданный номер Яхта")
    expect(field).to_have_value("Яхта · +7 916 200-01-00")


def test_read_only_for_who_may_not_change(
    new_cabinet: Callable[..., Cabinet], instance: Instance, company: Company
) -> None:
    line = company.line("100")
    company.api.post(
        f"{company.path}/users",
        {
            "login": f"viewer{company.id}",
            "password": "Viewer-only-2026",
            "rights": ["http_login", "view_users"],
        },
    )
    cabinet = new_cabinet()
    cabinet.log_in(f"viewer{company.id}", "Viewer-only-2026")
    cabinet.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    cabinet.open_step("SIP Линия 100")
    expect(cabinet.window.get_by_role("combobox", name="Действие", exact=True)).to_be_disabled()
    cabinet.close_step()
    expect(cabinet.button("Сохранить")).to_have_count(0)
    expect(cabinet.button("Добавить шаг")).to_have_count(0)


def test_a_call_is_tried_on_the_picture(operator: Cabinet, company: Company) -> None:
    """The way of a call that is only thought of lights up, with a reason for each arrow; remarks stand in a list."""
    port = company.port("Линия 1")
    number = company.number("100")
    action = {"kind": "port", "port_id": port["id"]}
    hang_up = {"kind": "hangup", "cause": 17}
    company.dialplan(number, [step(1, action, 20, no_answer=2), step(2, hang_up), step(7, hang_up)])
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    expect(operator.page.get_by_role("button", name="замечани")).to_be_visible()
    assert_accessible(operator)
    operator.page.emulate_media(color_scheme="dark")
    assert_accessible(operator)
    operator.page.emulate_media(color_scheme="light")
    operator.button("Проверить звонок").click()
    panel = operator.page.get_by_role("region", name="Проверить звонок")
    panel.get_by_label("Кто звонит").fill("+79161234567")
    panel.get_by_label("Когда").fill("2026-11-28T14:05")
    panel.get_by_role("button", name="Проиграть").click()
    expect(operator.step("SIP Линия 1").get_by_test_id("lit")).to_have_text("1")
    panel.get_by_role("combobox").first.click()
    operator.page.get_by_role("option", name="Нет ответа").click()
    expect(operator.page.get_by_test_id("lit")).to_have_count(2)
    operator.shot("tried")


def test_versions_are_compared_and_rolled_back(operator: Cabinet, company: Company) -> None:
    """«Версии»: two saves, what the second changed in words, and the first one back and saved."""
    line = company.line("100")
    page = operator.page
    operator.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    operator.open_step("SIP Линия 100")
    operator.window.get_by_label("Таймаут").fill("45")
    operator.close_step()
    operator.save_dialplan()
    expect(page.get_by_test_id("provisioning")).to_contain_text("активно на")
    operator.button("Версии").click()
    versions = operator.window.get_by_role("button", name="Версия")
    expect(versions).to_have_count(2)
    newest, first = versions.all()
    expect(newest).to_contain_text("сейчас")
    newest.click()
    expect(operator.window).to_contain_text("таймаут, с — → 45")
    operator.shot("versions")
    assert_accessible(operator)
    first.click()
    operator.window.get_by_role("button", name="Вернуть эту версию").click()
    expect(operator.window.get_by_role("button", name="Версия")).to_have_count(3)
    (saved,) = dialplan_of(company, line.number_id)
    assert saved["timeout_s"] is None
    operator.shot("rolled-back")
    operator.window.get_by_role("button", name="Закрыть").click()
    expect(operator.step("SIP Линия 100")).not_to_contain_text("45 с")


def test_calls_of_today_on_the_picture(operator: Cabinet, company: Company) -> None:
    """«Вызовы сегодня»: a call stands on the step it took and on the arrow it left by, one in progress where it is."""
    caller, absent = company.line("100"), company.line("101")
    hang_up = {"kind": "hangup", "cause": 17}
    first = {"kind": "port", "port_id": absent.port_id}
    company.dialplan(absent.number_id, [step(1, first, 20, no_route=2), step(2, hang_up)])
    company.wait_active()
    caller.phone.register()
    caller.phone.call("101", status=486)
    company.calls(1)
    operator.open(f"/c/{company.id}/numbers/{absent.number_id}/dialplan")
    expect(operator.step("SIP Линия 101")).to_be_visible()
    expect(operator.page.get_by_test_id("load")).to_have_count(0)
    operator.button("Вызовы сегодня").click()
    expect(operator.step("SIP Линия 101").get_by_test_id("load")).to_have_text("сегодня 1 вызов")
    expect(operator.step("Отбой").get_by_test_id("load")).to_have_text("сегодня 1 вызов")
    expect(operator.page.get_by_title("сегодня 1 вызов")).to_have_text("1")
    operator.shot("calls-today")
    absent.phone.register()
    ringing, calling = absent.phone.let_ring(), caller.phone.start_call("101", cancel_ms=20_000)
    try:
        expect(operator.step("SIP Линия 101").get_by_test_id("now")).to_have_text("сейчас 1")
        operator.shot("calls-now")
    finally:
        calling.stop()
        ringing.stop()
