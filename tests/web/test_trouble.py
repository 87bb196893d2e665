"""The server does not answer, or answers with an error that is not ours: said in words, and mended by one click."""

import re

from playwright.sync_api import Route, expect

from tests.harness.company import Company
from tests.web.axe import assert_accessible
from tests.web.cabinet import Cabinet


def test_what_cannot_be_read_is_said_and_asked_for_again(operator: Cabinet, company: Company) -> None:
    company.port("Линия 1")
    page, again = operator.page, operator.button("Повторить")
    alert = page.get_by_role("alert")
    lost = re.compile("requestfailed|net::ERR|502")

    def refused(route: Route) -> None:
        route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")  # a proxy's page

    # A list, while nothing answers.
    operator.open(f"/c/{company.id}/overview")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.route("**/api/clients/*/ports?*", lambda route: route.abort())
    operator.menu("Порты VoIP")
    expect(alert).to_contain_text("Сервер не отвечает")
    expect(page.get_by_text("Портов пока нет")).to_have_count(0)
    assert_accessible(operator)
    operator.shot("list")
    page.unroute_all()
    again.click()
    expect(operator.row("Линия 1")).to_be_visible()
    expect(alert).to_have_count(0)

    # One thing, while a proxy answers for us.
    page.route("**/api/clients/*/overview", refused)
    operator.open(f"/c/{company.id}/overview")
    expect(alert).to_contain_text("Сервер ответил ошибкой 502")
    operator.shot("overview")
    page.unroute_all()
    again.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(again).to_have_count(0)
    operator.faults[:] = [fault for fault in operator.faults if not lost.search(fault)]

    # Parts of a page: each says it of itself, and comes back by itself.
    page.route("**/api/auth/sessions*", lambda route: route.abort())
    page.route("**/api/auth/tokens*", lambda route: route.abort())
    page.route("**/api/auth/passkeys*", refused)
    operator.open("/settings")
    expect(alert).to_have_count(3)
    assert_accessible(operator)
    operator.shot("cards")
    page.unroute_all()
    for left in (2, 1, 0):
        again.first.click()
        expect(alert).to_have_count(left)
    page.route("**/api/system/backups*", lambda route: route.abort())
    operator.open("/system?tab=backups")
    expect(alert).to_contain_text("Сервер не отвечает")
    page.unroute_all()
    again.click()
    expect(alert).to_have_count(0)

    # A form, without a network at all: said too, not waited for in silence.
    operator.open("/system?tab=codes")
    expect(page.get_by_role("table", name="Коды услуг")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("tab", name="Настройки").click()
    expect(alert).to_contain_text("Сервер не отвечает")
    operator.shot("settings")
    page.context.set_offline(False)
    expect(page.get_by_role("form", name="Хранение записей")).to_be_visible()
    expect(alert).to_have_count(0)
    operator.faults[:] = [fault for fault in operator.faults if not lost.search(fault)]


def test_active_calls_are_asked_for_while_their_stream_is_down(operator: Cabinet, company: Company) -> None:
    """A proxy that lets no stream through: every ten seconds instead, and by the stream again when it can."""
    caller, line = company.line("100"), company.line("101")
    company.wait_active()
    caller.phone.register()
    line.phone.register()
    page = operator.page
    stream, asked = "**/calls/active/stream*", "**/calls/active"
    page.route(stream, lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.clock.install()
    operator.open(f"/c/{company.id}/calls/active")
    expect(page.get_by_text("обновляется раз в 10 секунд")).to_be_visible()
    expect(page.get_by_text("Сейчас никто не разговаривает")).to_be_visible()
    waiting = line.phone.answer()
    call = caller.phone.start_call("101", talk_ms=60_000)
    for _ in range(10):  # the agents look once they know that somebody watches
        with page.expect_response(asked):
            page.clock.fast_forward(10_000)
        if operator.row("101").count():
            break
    expect(operator.row("101")).to_be_visible()
    page.unroute_all()
    page.clock.fast_forward(10_000)
    expect(page.get_by_text("обновляется сразу")).to_be_visible()
    call.stop()
    waiting.stop()
    operator.faults[:] = [fault for fault in operator.faults if "502" not in fault]
