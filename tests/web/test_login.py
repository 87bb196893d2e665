"""Logging in and out, refusals, and what is kept when a session ends in the middle of work."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet


def test_log_in_and_out(cabinet: Cabinet, instance: Instance) -> None:
    cabinet.open()
    cabinet.shot("log-in")
    cabinet.log_in(instance.admin["login"], instance.admin["password"])
    expect(cabinet.page).to_have_url(f"{cabinet.base}/clients")
    cabinet.page.get_by_role("navigation").get_by_text("Выход").click()
    expect(cabinet.button("Войти")).to_be_visible()
    cabinet.open("/clients")
    expect(cabinet.button("Войти")).to_be_visible()


def test_wrong_password_is_told_and_then_throttled(cabinet: Cabinet) -> None:
    cabinet.open()
    cabinet.try_log_in("nobody-here", "wrong-password-1")
    expect(cabinet.page.get_by_role("alert")).to_have_text("Неверное имя пользователя или пароль.")
    cabinet.shot("wrong-password")
    for attempt in range(5):
        cabinet.try_log_in("nobody-here", f"wrong-password-{attempt}")
        expect(cabinet.page.locator("input[name=password]")).to_have_value("")
    expect(cabinet.page.get_by_role("alert")).to_contain_text("Слишком много попыток")
    cabinet.shot("throttled")


def test_a_deep_link_survives_logging_in(cabinet: Cabinet, instance: Instance, company: Company) -> None:
    cabinet.open(f"/c/{company.id}/ports")
    cabinet.try_log_in(instance.admin["login"], instance.admin["password"])
    expect(cabinet.page.get_by_role("heading", level=1, name="Порты VoIP")).to_be_visible()


def test_an_ended_session_loses_nothing_typed(operator: Cabinet, instance: Instance) -> None:
    operator.button("Создать").click()
    operator.window.get_by_label("Название").fill("Недописанный клиент")
    operator.page.context.clear_cookies(name=re.compile("session"))
    # Enter, not a click: should a question asked in the background have met the ended session first, the window
    # below stands over the button already.
    operator.window.get_by_label("Название").press("Enter")
    again = operator.page.get_by_role("dialog").filter(has_text="Сеанс закончился")
    expect(again).to_be_visible()
    operator.shot("session-ended")
    again.locator("input[name=password]").fill(instance.admin["password"])
    again.get_by_role("button", name="Войти").click()
    expect(again).to_have_count(0)
    expect(operator.window.get_by_label("Название")).to_have_value("Недописанный клиент")
    operator.save_window()
    operator.find("Недописанный")
    expect(operator.row("Недописанный клиент")).to_be_visible()


def test_a_client_s_own_user_lands_in_his_overview(
    instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    login = f"boss-{company.id}"
    company.api.post(
        f"{company.path}/users", {"login": login, "password": "Lyutik-boss-4411", "role": "client_admin"}
    )
    cabinet = new_cabinet()
    cabinet.log_in(login, "Lyutik-boss-4411")
    expect(cabinet.page).to_have_url(f"{cabinet.base}/c/{company.id}/overview")
    menu = cabinet.page.get_by_role("navigation")
    expect(menu.get_by_role("link", name="Пользователи")).to_be_visible()
    # What belongs to the operator is not there at all.
    for foreign in ("Клиенты", "Система"):
        expect(menu.get_by_role("link", name=foreign, exact=True)).to_have_count(0)
    cabinet.shot("own-overview")
    # He draws the dialplans of his company himself (S246); ports stay the operator's matter (S244).
    line = company.line("100")
    cabinet.open(f"/c/{company.id}/ports")
    expect(cabinet.row("Линия 100")).to_be_visible()
    expect(cabinet.button("Создать")).to_have_count(0)
    cabinet.open(f"/c/{company.id}/numbers/{line.number_id}/dialplan")
    expect(cabinet.button("Добавить шаг")).to_be_visible()
