"""Every screen of the menu, for the operator and for a client, with hostile texts in every field.

Looked at on each: axe finds nothing in the whole page in light nor dark, texts are texts (no script ran, no window
opened by itself), the page is no wider than the screen, it was asked for in a few requests, and a window in which nothing
was changed closes unasked.
What strangers send is there too: a caller's name, a telephone's name of itself, files. Marks that turn the direction of
writing (U+202E) and 10 kB are refused at every field.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.harness import sipp
from tests.harness.api import Api, ApiError
from tests.harness.company import PASSWORD as TELEPHONE
from tests.harness.company import Company, step
from tests.harness.instance import Instance
from tests.harness.phones import SipPhone
from tests.harness.tones import write_tone
from tests.web.axe import violations
from tests.web.cabinet import Cabinet

# No space to break the line at, a script two ways, letters from right to left, an emoji; as long as a name may be.
EVIL = "<script>ran()</script><img/src=x/onerror=ran()>שלוםمرحبا😀'\"`${ran()}$t(menu.calls)"[:80].ljust(
    80, "W"
)
MARK = "<script>ran()</script>"
LONG = EVIL + "W" * 400
PASSWORD = "Hostile-names-2026"
WAITING = ".mantine-Loader-root:visible, .mantine-Skeleton-root:visible"
MOST_REQUESTS = 3  # of a screen that is reached by the menu
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
STATE = "[document.documentElement.scrollWidth - document.documentElement.clientWidth, !!window.wasRun]"
TRAP = "window.ran = () => { window.wasRun = true }; window.alert = window.ran"

# Sections of the menu in which a name of ours must be seen.
SHOWN = {
    "Обзор", "Внутренние номера", "Порты VoIP", "Очереди обработки вызовов", "Номера переадресации", "Голосовые меню",
    "Ящики голосовой почты", "Конференции", "Праздники", "Медиапакеты", "Медиафайлы", "Группы перехвата",
    "Классификаторы", "Пользователи", "Журнал изменений", "Веб-хуки", "Детализация", "Сеть/Адреса",
}  # fmt: skip
TABS = (
    "nodes", "routes", "pool", "accounts", "tariffs", "zones", "radius", "fraud", "codes", "settings", "security",
    "certificates", "bans", "backups",
)  # fmt: skip
NAMED = {"accounts", "tariffs", "zones", "radius", "bans"}
CREATE = re.compile("^(Создать|Добавить|Закрыть адрес|Загрузить свой)$")
# What a row of a list opens beside its window.
FURTHER = re.compile("^(Файлы медиапакета|Сообщения ящика|Подробно о вызове|Карточка номера)")


@dataclass
class Hostile:
    """A client with a hostile name in everything it can name."""

    company: Company
    login: str
    number: int
    tariff: int


@pytest.fixture(scope="module")
def hostile(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    company = Company(instance, EVIL, description=LONG)
    made = Hostile(company, f"evil{company.id}", company.number("100"), 0)
    named = {"name": EVIL, "description": LONG}
    api, at = company.api, company.path
    api.patch(f"{at}/numbers/{made.number}", named)
    port = company.port(**named, number_id=made.number)
    user = {"login": made.login, "password": PASSWORD, "role": "client_admin", "name": EVIL}
    api.post(f"{at}/users", user)
    for section, fields in _things(port["id"], made.number).items():
        api.post(f"{at}/{section}", fields)
    (classifier,) = api.get(f"{at}/classifiers")["items"]
    api.post(f"{at}/classifiers/{classifier['id']}/contacts", {**named, "clip": "+79160000001"})
    (campaign,) = api.get(f"{at}/campaigns")["items"]
    api.patch(f"{at}/campaigns/{campaign['id']}", {"classifier_ids": [classifier["id"]]})
    api.put(
        f"{at}/campaigns/{campaign['id']}/status", {"status": "active"}
    )  # nobody is reached: its list is there
    package = next(one for one in api.get(f"{at}/packages")["items"] if one["name"] == EVIL)
    tone = tmp_path_factory.mktemp("hostile") / "tone.wav"
    write_tone(tone, 440, 1)
    sound = api.upload(f"{at}/sounds", named, "<script>.wav", tone.read_bytes())
    api.upload(f"{at}/packages/{package['id']}/files", {"name": EVIL}, "<script>.wav", tone.read_bytes())
    theirs = Api(instance.base)
    theirs.login(made.login, PASSWORD)
    theirs.post("/auth/tokens", {"name": EVIL})
    company.wait_active()
    stranger = SipPhone(instance.config.sip_port, port["login"], TELEPHONE)
    stranger.start(sipp.register(port["login"], TELEPHONE).replace("SIPp phone", EVIL)).wait(10)
    stranger.call("199", status=404, name=html.escape(MARK))  # nobody has this number
    company.calls(1)
    ring = {"kind": "port", "port_id": port["id"]}
    company.dialplan(
        made.number, [step(1, ring, 20, no_answer=2), step(2, {"kind": "sound", "sound_id": sound["id"]})]
    )
    own = f"{company.id}{EVIL}"  # names of money are the operator's, and stay
    zone = api.post("/billing/zones", {"name": own[:80], "prefixes": ["7495", "7499"]})
    made.tariff = api.post("/billing/tariffs", {**named, "name": own[:80]})["id"]
    rates = f"/billing/tariffs/{made.tariff}/rates"
    api.post(rates, {"zone_id": zone["id"], "title": EVIL, "price": 12000})
    account = {"code": own[:64], "name": EVIL, "tariff_id": made.tariff}
    account_id = api.post("/billing/accounts", account)["id"]
    api.post(f"/billing/accounts/{account_id}/ledger", {"kind": "payment", "amount": 50000, "note": EVIL})
    api.post("/pool/numbers", {"digits": "74957770077", "description": LONG})
    server = {"host": "192.0.2.77", "secret": "tested-2026"}
    radius = api.post("/radius", {"name": own[:80], "servers": [server]})["id"]
    ban = api.post("/system/bans", {"address": "203.0.113.77", "note": EVIL})["id"]
    yield made
    api.delete(f"/radius/{radius}")
    api.delete(f"/system/bans/{ban}")
    # The list of clients is every other test's first screen.
    api.patch(at, {"name": f"Прогулка {company.id}", "description": ""})


def _things(port: int, number: int) -> dict[str, dict[str, Any]]:
    """Bodies of what a client has, by section of its API."""
    named = {"name": EVIL, "description": LONG}
    return {
        "queues": {**named, "agents": [{"port_id": port}]},
        "forwardings": {**named, "digits": "+79160000002"},
        "menus": {**named, "keys": [{"key": "1", "number_id": number}]},
        "mailboxes": {**named, "box": "100"},
        "conferences": named,
        "holidays": {"day": "2027-03-08", "name": EVIL},
        "packages": named,
        "pickup-groups": {"group": 1, "name": EVIL},
        "classifiers": named,
        "campaigns": {**named, "number_id": number},
        "webhooks": {
            "name": EVIL,
            "url": "https://a.example/<script>",
            "events": ["call", "charge", "payment"],
        },
    }


class Walk:
    """Looks at screens one after another and keeps what is wrong with them."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.page = cabinet.page
        self._wrong: dict[str, list[str]] = {}
        self._asked: list[str] = []
        self.page.on("request", lambda request: self._asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self._note("a window", dialog.message), dialog.accept()))

    def _note(self, screen: str, *problems: str) -> None:
        for problem in problems:
            # Ids are made anew on each screen; what is wrong with the frame is told once.
            self._wrong.setdefault(re.sub(r'(id|aria-controls)="[^"]*"', "", problem), []).append(screen)

    def finish(self) -> None:
        assert self._wrong == {}, "\n".join(f"{said} at {places}" for said, places in self._wrong.items())

    def look(self, name: str, shown: bool) -> None:
        main = self.page.get_by_role("main")
        if shown:
            expect(main.get_by_text(MARK).first).to_be_visible()
        expect(main.locator(WAITING)).to_have_count(0)
        self.check(name)
        self._scheme("dark")
        self._note(f"{name} in the dark", *violations(self.cabinet, colours=True))
        self._scheme("light")

    def _scheme(self, scheme: Literal["dark", "light"]) -> None:
        self.page.emulate_media(color_scheme=scheme)
        expect(self.page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        self.page.evaluate(PAINTED)

    def check(self, name: str, within: str = "") -> None:
        self._note(name, *violations(self.cabinet, within=within))
        self.calm(name)

    def calm(self, name: str) -> None:
        """No script ran, and nothing is too wide."""
        wider, ran = self.page.evaluate(STATE)
        if wider > 0:
            self._note(name, f"{wider} pixels too wide")
        if ran:
            self._note(name, "a script ran")

    def window(self, name: str, opener: Locator) -> None:
        """A window of the screen: looked at, then closed by Escape; nothing was changed, so nothing is asked."""
        opener.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.locator(WAITING)).to_have_count(0)
        expect(dialog).to_have_css("opacity", "1")  # it slides in: half-clear texts are no finding
        self.check(f"{name}, window", "[role=dialog]")
        for tab in dialog.get_by_role("tab").all()[1:]:
            if tab.is_enabled():
                tab.click()
                expect(dialog.locator(WAITING)).to_have_count(0)
                self.calm(f"{name}, {tab.inner_text()}")
        self.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    def windows(self, name: str) -> None:
        """The window of the first thing of a list, and the one of a new thing."""
        main = self.page.get_by_role("main")
        for opener in (
            main.get_by_role("button", name="Изменить: "),
            main.get_by_role("button", name=FURTHER),
            main.get_by_role("button", name=CREATE),
        ):
            if opener.first.is_visible():
                self.window(name, opener.first)

    def imported(self, name: str, table: Path) -> None:
        """A file with hostile lines is tried in the window that «Загрузить из файла» opens: its faults are texts."""
        self.page.get_by_role("button", name="Загрузить из файла").click()
        window = self.page.get_by_role("dialog").last
        window.locator("input[type=file]").set_input_files(table)
        window.get_by_role("button", name="Проверить").click()
        expect(window.get_by_role("status").or_(window.get_by_role("alert")).first).to_be_visible()
        self.check(f"{name} from a file", "[role=dialog]")
        self.page.keyboard.press("Escape")
        self.page.get_by_role("button", name="Уйти без сохранения").click()

    def menu(self, *, windows: bool) -> None:
        links = self.page.get_by_role("navigation").get_by_role("link")
        for name in links.all_inner_texts():
            self._asked.clear()
            self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
            expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()
            expect(self.page.get_by_role("main").locator(WAITING)).to_have_count(0)
            asked = [urlsplit(url).path for url in self._asked if "/api/" in url]
            if len(asked) > MOST_REQUESTS:
                self._note(name, f"asks the server {len(asked)} times: {asked}")
            self.look(name, name in SHOWN)
            if windows:
                self.windows(name)


@pytest.fixture
def walk(new_cabinet: Callable[..., Cabinet]) -> Walk:
    cabinet = new_cabinet(reduced_motion="reduce")
    cabinet.page.add_init_script(TRAP)
    return Walk(cabinet)


def test_every_screen_of_the_operator(
    walk: Walk, instance: Instance, hostile: Hostile, tmp_path: Path
) -> None:
    cabinet, company = walk.cabinet, hostile.company
    table = tmp_path / "<script>.csv"
    table.write_text(f"prefix;title;price\n{EVIL};{EVIL};{MARK}\n", encoding="utf-8")
    cabinet.log_in(instance.admin["login"], instance.admin["password"])
    cabinet.open(f"/c/{company.id}/overview")
    expect(cabinet.page.get_by_role("status").first).to_contain_text(MARK)
    walk.menu(windows=True)
    for tab in TABS:
        cabinet.open(f"/system?tab={tab}")
        expect(cabinet.page.get_by_role("tabpanel")).to_be_visible()
        walk.look(tab, tab in NAMED)
        walk.windows(tab)
    cabinet.open("/system?tab=accounts")
    walk.window("history", cabinet.page.get_by_role("button", name="История: ").first)
    cabinet.open(f"/system/tariffs/{hostile.tariff}")
    walk.look("rates", True)
    walk.window("rates", cabinet.page.get_by_role("button", name="Изменить: ").first)
    walk.imported("rates", table)
    # The page for a mobile telephone takes a number from its address
    cabinet.open(f"/callback?to={quote(EVIL)}")
    expect(cabinet.page.get_by_label("С кем соединить")).to_have_value(EVIL)
    cabinet.page.get_by_label("Мой телефон").fill(EVIL)
    cabinet.button("Позвонить").click()
    expect(cabinet.page.get_by_label("Мой телефон")).to_have_attribute("aria-invalid", "true")
    walk.check("callback")
    walk.finish()


def test_every_screen_of_a_client(walk: Walk, hostile: Hostile, tmp_path: Path) -> None:
    cabinet, company = walk.cabinet, hostile.company
    table = tmp_path / "<script>.csv"
    table.write_text(f"{EVIL};{EVIL};{MARK}\n", encoding="utf-8")
    cabinet.log_in(hostile.login, PASSWORD)
    expect(cabinet.page.get_by_role("heading", level=1, name="Обзор")).to_be_visible()
    walk.menu(windows=False)
    cabinet.open(f"/c/{company.id}/numbers/{hostile.number}/dialplan")
    expect(cabinet.step(MARK).first).to_be_visible()
    walk.look("dialplan", True)
    cabinet.open("/settings")
    walk.look("settings", True)
    # Contacts of a classifier, and a list of them from a file
    cabinet.menu("Классификаторы")
    walk.page.get_by_role("button", name="Изменить: ").first.click()
    expect(cabinet.window.get_by_text(MARK).last).to_be_visible()
    walk.check("contacts", "[role=dialog]")
    walk.imported("contacts", table)
    walk.page.keyboard.press("Escape")
    expect(cabinet.window).to_have_count(0)
    # Search over everything
    walk.page.keyboard.press("Control+k")
    walk.page.get_by_role("textbox", name="Поиск по всему").fill("<script>")
    expect(walk.page.get_by_role("dialog").get_by_text(MARK).first).to_be_visible()
    walk.check("search", "[role=dialog]")
    walk.finish()


def test_ten_thousand_characters_are_refused_at_their_field(
    operator: Cabinet, company: Company, instance: Instance
) -> None:
    """The API names the field and the limit; the window shows it there. So are marks that turn the writing round."""
    huge = "Ж" * 10_000
    number = company.number("100")
    port = company.port("Линия")
    for section, body in _things(port["id"], number).items():
        for field in {"name", "description"} & body.keys():
            valid = (
                {**body, "name": "Имя", "description": ""}
                if "description" in body
                else {**body, "name": "Имя"}
            )
            refused_at(instance.api, f"{company.path}/{section}", valid, field)
    classifier = company.api.post(f"{company.path}/classifiers", {"name": "База"})["id"]
    tariff = instance.api.post("/billing/tariffs", {"name": f"Короткий {company.id}"})["id"]
    account = instance.api.post("/billing/accounts", {"code": f"s{company.id}", "tariff_id": tariff})["id"]
    ten_digits = {"digits": f"7495735{company.id:04d}"}
    user = {"login": f"long{company.id}", "password": PASSWORD, "name": "Имя", "email": "a@b.example"}
    for path, valid, fields in (
        ("/clients", {"name": "Имя"}, ("name", "description", "billing_account")),
        (f"{company.path}/users", user, ("login", "name", "email", "billing_account")),
        (f"{company.path}/ports", {"name": "Имя"}, ("name", "description")),
        (f"{company.path}/numbers/internal", {"digits": "199"}, ("name", "description")),
        (
            f"{company.path}/classifiers/{classifier}/contacts",
            {"clip": "+79160000001"},
            ("name", "description"),
        ),
        (f"{company.path}/holidays", {"day": "2027-03-08", "name": "Имя"}, ("name",)),
        ("/billing/zones", {"name": "Имя", "prefixes": ["7495"]}, ("name",)),
        ("/billing/tariffs", {"name": "Имя"}, ("name", "description")),
        (f"/billing/tariffs/{tariff}/rates", {"prefix": "7", "price": 1, "title": "Имя"}, ("title",)),
        ("/billing/accounts", {"code": "a1", "name": "Имя", "tariff_id": tariff}, ("code", "name")),
        (f"/billing/accounts/{account}/ledger", {"kind": "payment", "amount": 1}, ("note",)),
        ("/radius", {"name": "Имя", "servers": [{"host": "192.0.2.78", "secret": "tested-2026"}]}, ("name",)),
        ("/system/bans", {"address": "203.0.113.78"}, ("note",)),
        ("/pool/numbers", ten_digits, ("description",)),
        ("/auth/tokens", {"name": "Имя"}, ("name",)),
    ):
        for field in fields:
            refused_at(instance.api, path, valid, field)
    operator.open(f"/c/{company.id}/queues?create")
    operator.window.get_by_label("Название").fill(huge)
    operator.window.get_by_role("button", name="Сохранить").click()
    expect(operator.window.get_by_label("Название")).to_have_attribute("aria-invalid", "true")
    expect(operator.window).to_contain_text("Не длиннее 80")
    operator.shot("refused")


def refused_at(api: Api, path: str, valid: dict[str, Any], field: str) -> None:
    """10 kB, and a mark that turns the direction of writing, are refused, and the answer names the field."""
    for text in ("Ж" * 10_000, "имя\u202eгпж"):
        with pytest.raises(ApiError) as refused:
            api.post(path, {**valid, field: text})
        assert refused.value.status == 422, (path, field, text[:10], refused.value)
        assert set(refused.value.body["fields"]) == {field}, (path, field, text[:10], refused.value.body)


def test_nothing_typed_is_lost_without_a_question(operator: Cabinet, company: Company) -> None:
    """Escape, «Закрыть», a link of the menu and closing the tab all ask, wherever the form stands."""
    page = operator.page
    stay, leave = operator.button("Остаться"), operator.button("Уйти без сохранения")
    operator.open(f"/c/{company.id}/overview")
    operator.menu("Конференции")
    operator.button("Создать").click()
    name = operator.window.get_by_label("Название")
    name.fill("Планёрка")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: operator.window.get_by_role("button", name="Закрыть").last.click(),
        lambda: page.go_back(),
    ):
        close()
        expect(stay).to_be_visible()
        stay.click()
        expect(stay).to_have_count(0)
        expect(name).to_have_value("Планёрка")
    page.keyboard.press("Escape")
    operator.shot("asked")
    leave.click()
    expect(operator.window).to_have_count(0)
    # Saved: nobody asks
    operator.button("Создать").click()
    name.fill("Планёрка")
    operator.save_window()
    expect(operator.row("Планёрка")).to_be_visible()
    operator.menu("Конференции")

    # A form of a page, and the browser's own question when the tab is closed
    operator.open("/system?tab=zones")
    page.get_by_role("checkbox", name="мобильный").check()
    page.get_by_role("tab", name="Счета").click()
    expect(stay).to_be_visible()
    stay.click()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("checkbox", name="мобильный")).not_to_be_checked()
