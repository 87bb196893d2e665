"""The telephone in the browser: two browsers call each other through the real engine, and both hear."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.harness.company import Company, step
from tests.web import softphone
from tests.web.cabinet import Cabinet

PASSWORD = "Phone-in-a-browser-7"


def member(company: Company, login: str, digits: str) -> None:
    """A user with a number and a web port of his own."""
    user = company.api.post(
        f"{company.path}/users", {"login": login, "password": PASSWORD, "role": "client_user"}
    )
    number = company.number(digits)
    port = company.port(f"Веб {digits}", number_id=number, webrtc=True, owner_id=user["id"])
    company.dialplan(number, [step(1, {"kind": "port", "port_id": port["id"]})])


def window(new_cabinet: Callable[..., Cabinet], login: str) -> Cabinet:
    cabinet = new_cabinet()
    softphone.prepare(cabinet.page)
    cabinet.log_in(login, PASSWORD)
    softphone.switch_on(cabinet)
    return cabinet


def test_two_browsers_talk(company: Company, new_cabinet: Callable[..., Cabinet]) -> None:
    names = [f"web{digits}-{company.id}" for digits in ("100", "101")]
    for login, digits in zip(names, ("100", "101"), strict=True):
        member(company, login, digits)
    company.wait_active()
    caller, callee = (window(new_cabinet, login) for login in names)
    softphone.dial(caller, "101")
    expect(caller.page.get_by_text("вызов…")).to_be_visible()
    expect(callee.page.get_by_text("звонит вам")).to_be_visible()
    callee.shot("rings")
    callee.button("Ответить").click()
    for cabinet in (caller, callee):
        heard = softphone.hears(cabinet.page)
        assert heard["codec"] == "audio/opus", heard
    caller.shot("talking")

    # Hold: nothing more is sent to the other side until the talk goes on.
    caller.button("Удержание").click()
    expect(caller.page.get_by_role("button", name="Удержание", pressed=True)).to_be_visible()
    caller.button("Удержание").click()
    expect(caller.page.get_by_role("button", name="Удержание", pressed=False)).to_be_visible()
    phone = caller.page.get_by_role("region", name="Телефон")
    phone.get_by_role("button", name="5", exact=True).click()
    caller.button("Завершить").click()
    expect(callee.page.get_by_text("разговор")).to_have_count(0)
    [row] = company.calls(1)
    assert (row["caller"], row["called"], row["result"]) == ("100", "101", "answered")

    # By a click on the number in «Детализация»; the other one declines.
    caller.menu("Детализация")
    caller.button("Позвонить: 101").first.click()
    callee.button("Отклонить").click()
    expect(caller.button("Выключить телефон")).to_be_visible()
    assert company.calls(2)[0]["result"] == "busy"
    caller.shot("click-to-call")
    # Loaded anew, the telephone is on again.
    caller.page.reload()
    caller.button("Веб-телефон").click()
    expect(caller.page.get_by_text("на связи")).to_be_visible()


def test_a_call_from_a_browser_is_transferred(company: Company, new_cabinet: Callable[..., Cabinet]) -> None:
    names = [f"tr{digits}-{company.id}" for digits in ("100", "101")]
    for login, digits in zip(names, ("100", "101"), strict=True):
        member(company, login, digits)
    third = company.line("102")
    company.wait_active()
    third.phone.register()
    caller, callee = (window(new_cabinet, login) for login in names)
    softphone.dial(caller, "101")
    callee.button("Ответить").click()
    softphone.hears(callee.page)
    taken = third.phone.answer(talk_ms=1000)
    callee.page.get_by_label("Перевести на номер").fill("102")
    callee.button("Перевести").click()
    expect(callee.button("Выключить телефон")).to_be_visible()
    taken.wait()
    expect(caller.button("Выключить телефон")).to_be_visible()
    [row] = company.calls(1)
    assert {leg["number"] for leg in company.card(row["id"])["legs"]} >= {"101", "102"}
