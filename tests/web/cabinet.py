"""The cabinet as a person at a browser sees it: names on the screen, never our own ids or classes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ats.config import CHECKOUT

_LOCALES = CHECKOUT / "web" / "src" / "i18n"
# The browser itself reports refused requests as errors; those are looked at through the screen.
_EXPECTED_NOISE = re.compile(r"Failed to load resource|the server responded with a status of 4\d\d")


def _keys(tree: dict[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


ALL_KEYS = sorted(
    key for texts in _LOCALES.glob("ru*.json") for key in _keys(json.loads(texts.read_text(encoding="utf-8")))
)


class Cabinet:
    """One browser window with the cabinet open."""

    def __init__(self, page: Page, base: str, pictures: Path) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self._pictures = pictures
        self._shots = 0
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.faults.append(f"pageerror: {error}"))
        page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not _EXPECTED_NOISE.search(text):
            self.faults.append(f"console: {text}")

    # -- moving about ----------------------------------------------------------------------

    def open(self, path: str = "/") -> None:
        self.page.goto(f"{self.base}{path}")

    def log_in(self, login: str, password: str) -> None:
        """From the log-in screen to the first screen of the cabinet."""
        self.open()
        self.try_log_in(login, password)
        expect(self.page.get_by_role("banner")).to_be_visible()

    def try_log_in(self, login: str, password: str) -> None:
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("button[type=submit]").click()

    def menu(self, name: str) -> None:
        """A click on a section of the left menu."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def menu_leaving(self, name: str) -> None:
        """As `menu`, from a dialplan whose changes are meant to be dropped."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        leave = self.button("Уйти без сохранения")
        heading = self.page.get_by_role("heading", level=1, name=name)
        expect(leave.or_(heading).first).to_be_visible()
        if leave.is_visible():
            leave.click()
        expect(heading).to_be_visible()

    # -- what is on the screen -------------------------------------------------------------

    @property
    def window(self) -> Locator:
        """The window (modal) that is open."""
        return self.page.get_by_role("dialog")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def row(self, text: str) -> Locator:
        """The row of a table that holds the text."""
        return self.page.get_by_role("row").filter(has_text=text)

    def find(self, text: str) -> None:
        """Types into the search over a list: other tests' rows may fill its first page."""
        self.page.get_by_role("searchbox", name="Поиск", exact=True).fill(text)

    def save_window(self, label: str = "Сохранить") -> None:
        """Sends the form of the open window and waits until it is gone."""
        self.window.get_by_role("button", name=label, exact=True).click()
        expect(self.window).to_have_count(0)

    def close_step(self) -> None:
        """«Закрыть» of a step's window: the lower button, which keeps what was set."""
        self.window.get_by_role("button", name=re.compile("^(Закрыть|Close)$")).last.click()
        expect(self.window).to_have_count(0)

    def choose(self, label: str, option: str) -> None:
        """Picks from a drop-down of the open window, by what one would type to find it."""
        field = self.window.get_by_role("combobox", name=label, exact=True)
        if field.get_attribute("readonly") is None:
            field.fill(option)
        elif field.get_attribute("aria-expanded") != "true":
            field.click()
        self.page.get_by_role("option", name=option).first.click()

    def act(self, kind: str, label: str = "", thing: str = "") -> None:
        """«Действие» of a step's window as the manual has it: the kind, then what it leads to."""
        self.window.get_by_role("combobox", name="Действие", exact=True).fill(kind)
        self.page.get_by_role("option", name=kind, exact=True).click()
        if label:
            self.choose(label, thing)

    # -- the dialplan editor ---------------------------------------------------------------

    @property
    def canvas(self) -> Locator:
        return self.page.get_by_test_id("canvas")

    def click_free_space(self, x: float, y: float) -> None:
        """Left click on the canvas at a share of its width and height; the step's window opens."""
        box = self.canvas.bounding_box()
        assert box
        self.page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        expect(self.window).to_be_visible()

    def step(self, title: str) -> Locator:
        return self.page.get_by_test_id("step").filter(has_text=title)

    def open_step(self, title: str) -> None:
        self.step(title).get_by_text(title).first.click()
        expect(self.window).to_be_visible()

    def drag_condition(self, title: str, condition: str, to: Locator) -> None:
        """Draws an arrow from a condition's dot of a step to another step."""
        # Hovering waits until the dot stands still: a remark that comes meanwhile moves the canvas.
        self.step(title).get_by_label(f"Вытянуть стрелку «{condition}»").hover()
        self.page.mouse.down()
        end = to.bounding_box()
        assert end
        self.page.mouse.move(end["x"] + 30, end["y"] + 30, steps=12)
        self.page.mouse.up()

    def save_dialplan(self) -> None:
        self.button("Сохранить").click()

    # -- pictures --------------------------------------------------------------------------

    def shot(self, name: str) -> None:
        """Keeps a picture of the screen, and checks that no text on it is left untranslated."""
        self._shots += 1
        self.page.wait_for_timeout(250)  # windows slide in
        self.page.screenshot(path=self._pictures / f"{self._shots:02d}-{name}.png")
        self.assert_translated()

    def assert_translated(self) -> None:
        text = self.page.locator("body").inner_text()
        raw = [key for key in ALL_KEYS if re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", text)]
        assert raw == [], f"untranslated keys on the screen: {raw}"
        assert "{{" not in text, "a text on the screen has an unfilled place"

    def assert_calm(self) -> None:
        """Nothing went wrong in the page's own code."""
        assert self.faults == []
