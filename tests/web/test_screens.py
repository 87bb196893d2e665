"""Every screen in English, in the dark, at the width of a phone; and how much the first visit loads."""

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from tests.harness.company import Company, step
from tests.harness.instance import Instance
from tests.web.axe import violations
from tests.web.cabinet import Cabinet
from tests.web.test_walk import WAITING
from tests.web.width import scrolled_sideways

FIRST_LOAD_LIMIT = 350_000  # bytes, gzipped: scripts and styles until the first screen stands

SCREENS = {
    "clients": "/clients",
    "overview": "/c/{c}/overview",
    "users": "/c/{c}/users",
    "internal": "/c/{c}/numbers/internal",
    "external": "/c/{c}/numbers/external",
    "dialplan": "/c/{c}/numbers/{n}/dialplan",
    "ports": "/c/{c}/ports",
    "queues": "/c/{c}/queues",
    "forwardings": "/c/{c}/forwardings",
    "menus": "/c/{c}/menus",
    "mailboxes": "/c/{c}/mailboxes",
    "conferences": "/c/{c}/conferences",
    "holidays": "/c/{c}/holidays",
    "packages": "/c/{c}/packages",
    "sounds": "/c/{c}/sounds",
    "pickup": "/c/{c}/pickup",
    "classifiers": "/c/{c}/classifiers",
    "recordings": "/c/{c}/recordings",
    "webhooks": "/c/{c}/webhooks",
    "campaigns": "/c/{c}/campaigns",
    "active": "/c/{c}/calls/active",
    "calls": "/c/{c}/calls",
    "audit": "/c/{c}/audit",
    "network": "/c/{c}/network",
    "network-of-all": "/network",
    "system": "/system",
    "routes": "/system?tab=routes",
    "pool": "/system?tab=pool",
    "tariffs": "/system?tab=tariffs",
    "zones": "/system?tab=zones",
    "accounts": "/system?tab=accounts",
    "radius": "/system?tab=radius",
    "fraud": "/system?tab=fraud",
    "security": "/system?tab=security",
    "certificates": "/system?tab=certificates",
    "codes": "/system?tab=codes",
    "settings-of-the-exchange": "/system?tab=settings",
    "bans": "/system?tab=bans",
    "backups": "/system?tab=backups",
    "settings": "/settings",
    "callback": "/callback",
    "no-such-page": "/no-such-page",
}


@pytest.fixture
def english(instance: Instance, new_cabinet: Callable[..., Cabinet]) -> Cabinet:
    """An English-speaking administrator of the operator, on a small dark screen."""
    operator = instance.operator_id()
    known = instance.api.get(f"/clients/{operator}/users?page_size=500")["items"]
    if not any(user["login"] == "john" for user in known):
        instance.api.post(
            f"/clients/{operator}/users",
            {"login": "john", "password": "Johns-password-1", "language": "en", "role": "system_admin"},
        )
    cabinet = new_cabinet(viewport={"width": 390, "height": 844}, color_scheme="dark")
    cabinet.log_in("john", "Johns-password-1")
    return cabinet


def test_english_dark_and_narrow(english: Cabinet, instance: Instance) -> None:
    company = Company(instance, "Buttercup", language="en")
    number = company.number("100")
    port = company.port("Line 1", number_id=number)
    steps = [
        step(1, {"kind": "port", "port_id": port["id"]}, 20, no_answer=2),
        step(2, {"kind": "hangup", "cause": 17}),
    ]
    company.dialplan(number, steps)
    page = english.page
    for name, path in SCREENS.items():
        english.open(path.format(c=company.id, n=number))
        expect(page.get_by_role("heading").first).to_be_visible()
        expect(page.locator(WAITING)).to_have_count(0)
        english.shot(name)
        assert scrolled_sideways(page) == [], name
        seen = page.evaluate("document.documentElement.clientWidth")
        for actions in page.get_by_role("button", name="Actions", exact=True).all()[:1]:
            box = actions.bounding_box()
            assert box and box["x"] + box["width"] <= seen, f"{name}: a row's actions are out of sight"
            actions.click()
            expect(page.get_by_role("menuitem").first).to_be_visible()
            page.keyboard.press("Escape")
        # The operator's own data is Russian; the words of the cabinet must not be.
        text = page.get_by_role("main").inner_text()
        for known in ("Оператор связи", "Лютик", "Василёк", "Недописанный клиент", "Администратор"):
            text = text.replace(known, "")
        if name not in (
            "clients",
            "routes",
            "pool",
            "accounts",
            "tariffs",
            "zones",
            "radius",
            "network-of-all",
        ):
            assert not re.search("[А-Яа-яЁё]", text), f"{name} speaks Russian: {text}"
        assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
        assert violations(english) == [], name


@pytest.mark.parametrize("language", ["ru", "en"])
def test_lists_fit_a_small_laptop(
    language: str, instance: Instance, company: Company, new_cabinet: Callable[..., Cabinet]
) -> None:
    """With rows in them, and nothing chosen yet: the default columns of the widest lists."""
    line = company.line("100")
    code, login = f"laptop{company.id}", f"{language}{company.id}"
    tariff = instance.api.post("/billing/tariffs", {"name": code})["id"]
    instance.api.post("/billing/accounts", {"code": code, "name": "ООО «Ромашка»", "tariff_id": tariff})
    instance.api.post(
        f"/billing/tariffs/{tariff}/rates", {"prefix": "44", "title": "Великобритания", "price": 95000}
    )
    user = {"login": login, "password": "Laptop-password-1", "language": language, "role": "system_admin"}
    instance.api.post(f"/clients/{instance.operator_id()}/users", user)
    company.wait_active()
    line.phone.call("199", status=404)
    company.calls(1)
    cabinet = new_cabinet(viewport={"width": 1280, "height": 800})
    cabinet.log_in(login, user["password"])
    for path, row in (
        ("/clients", ""),
        (f"/c/{company.id}/ports", "100"),
        (f"/c/{company.id}/calls", "199"),
        (f"/c/{company.id}/users", ""),
        ("/system?tab=accounts", code),
        (f"/system/tariffs/{tariff}", "+44"),
    ):
        cabinet.open(path)
        expect(cabinet.row(row).last).to_be_visible()
        expect(cabinet.page.locator(WAITING)).to_have_count(0)
        assert scrolled_sideways(cabinet.page) == [], path


def test_first_load_is_small(cabinet: Cabinet, instance: Instance) -> None:
    loaded: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if re.search(r"\.(js|css)(\?|$)", response.url):
            loaded[response.url] = len(gzip.compress(response.body(), 6))

    cabinet.page.on("requestfinished", lambda request: weigh(request.response()))  # type: ignore[arg-type]
    cabinet.log_in(instance.admin["login"], instance.admin["password"])
    expect(cabinet.row("Администрирование").first).to_be_visible()
    total = sum(loaded.values())
    assert 0 < total <= FIRST_LOAD_LIMIT, f"{total} bytes: {loaded}"
    assert not any("DialplanPage" in url for url in loaded), "the editor comes only with a dialplan"


def test_the_choice_of_columns_stays_in_this_browser(
    operator: Cabinet, instance: Instance, new_cabinet: Callable[..., Cabinet]
) -> None:
    """«Настройка отображения таблиц» (S29, S30)."""
    description = operator.page.get_by_role("columnheader", name="Описание")
    expect(description).to_be_visible()
    operator.button("Настройка отображения таблицы").click()
    operator.page.get_by_role("checkbox", name="Описание").uncheck()
    operator.shot("columns")
    expect(description).to_have_count(0)
    operator.page.reload()
    expect(operator.page.get_by_role("columnheader", name="Пользователи")).to_be_visible()
    expect(description).to_have_count(0)

    elsewhere = new_cabinet()
    elsewhere.log_in(instance.admin["login"], instance.admin["password"])
    expect(elsewhere.page.get_by_role("columnheader", name="Описание")).to_be_visible()


def test_own_settings(english: Cabinet) -> None:
    """Language, theme and password of oneself; a token is shown once."""
    english.open("/settings")
    # Any time zone of all, though one is chosen.
    english.page.get_by_role("combobox", name="Time zone").click()
    expect(english.page.get_by_role("option", name="Pacific/Wallis")).to_be_attached()
    english.page.keyboard.press("Escape")
    english.page.get_by_label("Name", exact=True).first.fill("CRM")
    tokens = english.page.locator("form").filter(has=english.button("Create"))
    tokens.get_by_label("Name").fill("CRM")
    english.button("Create").click()
    shown = english.page.locator("code").first
    expect(english.page.get_by_text("it will not be shown again")).to_be_visible()
    assert len(shown.inner_text()) >= 40
    english.shot("token")

    english.page.get_by_label("Present password").fill("not-the-password")
    english.page.get_by_label("New password").fill("Johns-password-2")
    english.button("Change the password").click()
    expect(english.page.get_by_label("Present password")).to_have_attribute("data-invalid", "true")
    english.shot("wrong-old-password")
    for old, new in (("Johns-password-1", "Johns-password-2"), ("Johns-password-2", "Johns-password-1")):
        english.page.get_by_label("Present password").fill(old)
        english.page.get_by_label("New password").fill(new)
        english.button("Change the password").click()
        expect(english.page.get_by_label("Present password")).to_have_value("")

    english.page.get_by_text("Light", exact=True).click()
    expect(english.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
