"""The cabinet over HTTPS: log-in, the softphone over wss, and a new certificate that no talk notices."""

import ssl
from pathlib import Path

from playwright.sync_api import Browser, expect

from ats import certificates
from tests.harness.authority import Authority
from tests.harness.company import Company
from tests.harness.instance import Instance, wait_for
from tests.web import softphone
from tests.web.cabinet import Cabinet
from tests.web.test_softphone import PASSWORD, member


def test_a_talk_outlives_a_new_certificate(browser: Browser, tmp_path: Path) -> None:
    with Instance(https=True) as instance:
        company = Company(instance, "Лютик")
        for digits in ("100", "101"):
            member(company, f"web{digits}", digits)
        company.wait_active()
        caller, callee = (_window(browser, instance, f"web{digits}", tmp_path) for digits in ("100", "101"))
        try:
            assert all(cookie["secure"] for cookie in caller.page.context.cookies())
            softphone.dial(caller, "101")
            callee.button("Ответить").click()
            for cabinet in (caller, callee):
                softphone.hears(cabinet.page)

            chain, key = Authority(tmp_path).issue("127.0.0.1")
            said = instance.api.put("/system/certificate", {"certificate": chain, "key": key})
            wait_for(lambda: _shown(instance) == said["certificate"]["fingerprint"], 30)
            # The telephones lose their connection with the old server, and find the new one; the sound goes on.
            for cabinet in (caller, callee):
                before = softphone.stats(cabinet.page)["received"]
                wait_for(lambda: bool(softphone.stats(cabinet.page)["received"] > before + 20_000), 20)  # noqa: B023
            caller.open("/login")  # the page is left: the talk with it
            callee.button("Завершить").click()
            expect(callee.page.get_by_text("на связи")).to_be_visible(timeout=30_000)
        finally:
            for cabinet in (caller, callee):
                cabinet.page.context.close()


def _window(browser: Browser, instance: Instance, login: str, folder: Path) -> Cabinet:
    context = browser.new_context(locale="ru-RU", ignore_https_errors=True)
    cabinet = Cabinet(context.new_page(), instance.base, folder)
    softphone.prepare(cabinet.page)
    cabinet.log_in(login, PASSWORD)
    softphone.switch_on(cabinet)
    return cabinet


def _shown(instance: Instance) -> str:
    pem = ssl.get_server_certificate(("127.0.0.1", instance.config.web_port))
    return certificates.facts(pem.encode()).fingerprint
