"""The dialplan editor beyond the straight path: conflicts, guards, refusals, hostile text, order of steps."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.harness.company import Company, step
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet

HOSTILE = "<img src=x onerror=alert(1)> & «кавычки»"


def test_two_windows_and_one_dialplan(
    operator: Cabinet, instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    line = company.line("100")
    path = f"/c/{company.id}/numbers/{line.number_id}/dialplan"
    other = new_cabinet()
    other.log_in(instance.admin["login"], instance.admin["password"])
    for cabinet in (operator, other):
        cabinet.open(path)
        cabinet.open_step("SIP Линия 100")
    other.window.get_by_label("Таймаут").fill("33")
    other.close_step()
    other.save_dialplan()
    expect(other.page.get_by_test_id("provisioning")).to_contain_text("активно на")

    operator.window.get_by_label("Таймаут").fill("44")
    operator.close_step()
    operator.save_dialplan()
    expect(operator.window).to_contain_text("Диалплан уже изменил кто-то другой")
    operator.shot("conflict")
    operator.window.get_by_role("button", name="Оставить мой на экране").click()
    expect(operator.step("SIP Линия 100")).to_contain_text("44 с")
    operator.shot("mine-kept")
    saved = company.api.get(f"{company.path}/numbers/{line.number_id}/dialplan")
    assert [one["timeout_s"] for one in saved["steps"]] == [33], "nothing was overwritten"
    operator.button("Загрузить сохранённый").click()
    expect(operator.step("SIP Линия 100")).to_contain_text("33 с")


def test_leaving_unsaved_changes_is_asked_about(operator: Cabinet, company: Company) -> None:
    line = company.line("100")
    operator.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    operator.open_step("SIP Линия 100")
    operator.window.get_by_label("Таймаут").fill("20")
    operator.close_step()
    operator.page.get_by_role("navigation").get_by_role("link", name="Порты VoIP").click()
    expect(operator.window).to_contain_text("Изменения не сохранены")
    operator.shot("guard")
    operator.window.get_by_role("button", name="Остаться").click()
    expect(operator.step("SIP Линия 100")).to_contain_text("20 с")
    operator.page.get_by_role("navigation").get_by_role("link", name="Порты VoIP").click()
    operator.window.get_by_role("button", name="Уйти без сохранения").click()
    expect(operator.page.get_by_role("heading", level=1, name="Порты VoIP")).to_be_visible()


def test_layers_days_and_a_missing_level(operator: Cabinet, company: Company) -> None:
    """Steps of one level in order of creation, a window of days, and a level that does not exist (S97-S105)."""
    line = company.line("100")
    number = company.number("200")
    port = {"kind": "port", "port_id": line.port_id}
    lunch = {**step(2, port, 90, no_answer=20), "calendar": {"days": [1, 2, 3, 4, 5], "time_from": "13:00",
             "time_to": "14:00", "date_from": None, "date_to": None}}  # fmt: skip
    company.dialplan(number, [step(1, port, 5, no_answer=2), lunch, step(2, {"kind": "hangup", "cause": 17})])
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    expect(operator.page.get_by_text("Пн–Пт 13:00–14:00")).to_be_visible()
    expect(operator.page.get_by_text("1-й из 2")).to_be_visible()
    expect(operator.page.get_by_text("Уровень 20 — отбой")).to_be_visible()
    operator.shot("levels")

    operator.step("1-й из 2").get_by_text("Пн–Пт").click()
    operator.window.get_by_role("tab", name="Дни").click()
    operator.window.get_by_label("Время с").fill("14:00")
    operator.window.get_by_role("button", name="Закрыть").last.click()
    expect(operator.window).to_contain_text("Начало и конец совпадают")
    operator.shot("bad-window")
    operator.window.get_by_label("Время с").fill("12:30")
    operator.window.get_by_role("tab", name="Слои").click()
    expect(operator.window).to_contain_text("такого уровня нет — отбой")
    operator.shot("layers")
    operator.window.get_by_role("button", name="Позже").click()
    expect(operator.window).to_contain_text("Проверяется 2-м из 2")
    operator.window.get_by_role("button", name="Раньше").click()
    operator.close_step()
    operator.save_dialplan()
    expect(operator.page.get_by_test_id("provisioning")).to_contain_text("активно на")
    saved = company.api.get(f"{company.path}/numbers/{number}/dialplan")["steps"]
    assert [one["level"] for one in saved] == [1, 2, 2]
    assert saved[1]["calendar"]["time_from"] == "12:30"


def test_a_refused_step_is_marked(operator: Cabinet, company: Company) -> None:
    """A port deleted meanwhile: the API refuses the step, the step itself says so."""
    line = company.line("100")
    number = company.number("200")
    spare = company.port("Запасной")
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    operator.click_free_space(0.5, 0.4)
    operator.choose("Действие", "Запасной")
    operator.close_step()
    company.api.delete(f"{company.path}/ports/{spare['id']}")
    operator.save_dialplan()
    expect(operator.page.get_by_role("alert").first).to_be_visible()
    expect(operator.step("Запасной")).to_have_attribute("data-error", "true")
    operator.shot("refused-step")
    assert company.api.get(f"{company.path}/numbers/{number}/dialplan")["steps"] == []
    assert line.number_id


def test_an_arrow_into_free_space_makes_the_next_step(operator: Cabinet, company: Company) -> None:
    line = company.line("100")
    operator.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    pull(operator, "По занято")
    expect(operator.window).to_contain_text("уровень 2")
    operator.page.keyboard.press("Escape")  # the drop-down
    operator.page.keyboard.press("Escape")  # the window of a step that does nothing: nothing is left of it
    expect(operator.window).to_have_count(0)
    expect(operator.page.get_by_test_id("step")).to_have_count(1)
    expect(
        operator.page.get_by_text("Сохранить", exact=True).locator("xpath=ancestor::button")
    ).to_be_disabled()

    pull(operator, "По занято")
    operator.choose("Действие", "Занято")
    operator.close_step()
    operator.save_dialplan()
    expect(operator.page.get_by_test_id("provisioning")).to_contain_text("активно на")
    operator.shot("arrow-made-a-step")
    saved = company.api.get(f"{company.path}/numbers/{line.number_id}/dialplan")["steps"]
    assert saved[0]["targets"]["busy"] == 2
    assert saved[1]["action"]["kind"] == "hangup"


def pull(operator: Cabinet, condition: str) -> None:
    """Draws an arrow from a condition of the only step and lets it go over free space."""
    handle = operator.step("SIP Линия 100").get_by_label(f"Вытянуть стрелку «{condition}»")
    box = handle.bounding_box()
    assert box
    operator.page.mouse.move(box["x"] + 5, box["y"] + 5)
    operator.page.mouse.down()
    operator.page.mouse.move(box["x"] + 160, box["y"] + 90, steps=10)
    operator.page.mouse.up()
    expect(operator.window).to_be_visible()


def test_the_keyboard_reaches_a_step(operator: Cabinet, company: Company) -> None:
    line = company.line("100")
    operator.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    operator.step("SIP Линия 100").locator("xpath=ancestor::*[@tabindex='0'][1]").focus()
    operator.page.keyboard.press("Enter")
    expect(operator.window).to_contain_text("Шаг диалплана")
    operator.page.keyboard.press("Escape")
    expect(operator.window).to_have_count(0)


def test_hostile_text_is_just_text(operator: Cabinet, company: Company) -> None:
    number = company.number("100")
    company.port(HOSTILE)
    company.api.patch(company.path, {"description": HOSTILE})
    operator.page.on("dialog", lambda dialog: operator.faults.append(dialog.message))
    operator.open(f"/c/{company.id}/overview")
    expect(operator.page.get_by_text(HOSTILE)).to_have_count(2)  # the description, and the port in its table
    operator.open(f"/c/{company.id}/ports")
    expect(operator.row(HOSTILE)).to_be_visible()
    operator.open(f"/c/{company.id}/numbers/{number}/dialplan")
    operator.click_free_space(0.5, 0.4)
    operator.choose("Действие", HOSTILE)
    operator.close_step()
    expect(operator.step(HOSTILE)).to_be_visible()
    operator.shot("hostile-text")
