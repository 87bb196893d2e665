"""Takes the pictures of every screen into docs/img/screens: `./ats screenshots [NAME…]`."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ats.config import CHECKOUT
from tests.harness.company import Line
from tests.harness.instance import Instance
from tests.pictures.company import furnish
from tests.web.cabinet import Cabinet
from tests.web.conftest import CHROMIUM_FLAGS

FOLDER = CHECKOUT / "docs" / "img" / "screens"
MOST_BYTES = 150_000  # of one picture
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
COLOURS = (128, 64, 32)  # tried in turn until a picture is small enough
WAITING = ".mantine-Loader-root:visible, .mantine-Skeleton-root:visible"


@dataclass(frozen=True)
class Shot:
    """A screen by its address, and what is done on it before the picture."""

    path: str
    act: Callable[[Cabinet], None] | None = None


def _press(name: str) -> Callable[[Cabinet], None]:
    """A press on the first button whose name begins so."""
    return lambda cabinet: cabinet.page.get_by_role("button", name=name).first.click()


def _window(name: str, *tabs: str) -> Callable[[Cabinet], None]:
    """«Изменить» of a row, then a tab of its window."""

    def act(cabinet: Cabinet) -> None:
        _press(f"Изменить: {name}")(cabinet)
        for tab in tabs:
            cabinet.window.get_by_role("tab", name=tab).click()

    return act


def _charts(cabinet: Cabinet) -> None:
    cabinet.button("Сводка и графики").click()
    expect(cabinet.page.get_by_role("img", name="По часам")).to_be_visible()
    cabinet.page.wait_for_timeout(1500)  # the charts draw themselves


def _search(cabinet: Cabinet) -> None:
    cabinet.page.wait_for_timeout(1500)  # the search comes when the screen stands
    cabinet.page.keyboard.press("Control+k")
    cabinet.page.get_by_role("dialog").get_by_role("textbox").fill("анна")
    cabinet.page.wait_for_timeout(800)


def _row(text: str) -> Callable[[Cabinet], None]:
    return lambda cabinet: cabinet.row(text).first.click()


SHOTS = {
    "clients": Shot("/clients"),
    "overview": Shot("/c/{c}/overview"),
    "search": Shot("/c/{c}/overview", _search),
    "active-calls": Shot("/c/{c}/calls/active"),
    "numbers-internal": Shot("/c/{c}/numbers/internal"),
    "numbers-external": Shot("/c/{c}/numbers/external"),
    "dialplan": Shot("/c/{c}/numbers/{number}/dialplan"),
    "ports": Shot("/c/{c}/ports"),
    "port": Shot("/c/{c}/ports", _window("Секретарь", "VoIP")),
    "port-limits": Shot("/c/{c}/ports", _window("Секретарь", "Ограничения")),
    "queues": Shot("/c/{c}/queues"),
    "queue": Shot("/c/{c}/queues", _window("Отдел продаж", "Агенты")),
    "forwardings": Shot("/c/{c}/forwardings"),
    "menus": Shot("/c/{c}/menus"),
    "mailboxes": Shot("/c/{c}/mailboxes"),
    "conferences": Shot("/c/{c}/conferences"),
    "holidays": Shot("/c/{c}/holidays"),
    "packages": Shot("/c/{c}/packages"),
    "sounds": Shot("/c/{c}/sounds"),
    "recordings": Shot("/c/{c}/recordings"),
    "pickup": Shot("/c/{c}/pickup"),
    "classifiers": Shot("/c/{c}/classifiers"),
    "users": Shot("/c/{c}/users"),
    "user-rights": Shot("/c/{c}/users", _window("anna", "Права")),
    "user-remote": Shot("/c/{c}/users", _window("anna", "Вызовы извне")),
    "calls": Shot("/c/{c}/calls"),
    "calls-charts": Shot("/c/{c}/calls", _charts),
    "call": Shot("/c/{c}/calls", _row("отвечен")),
    "fax": Shot(
        "/c/{c}/calls", lambda cabinet: cabinet.page.get_by_role("img", name="Есть факс").first.click()
    ),
    "audit": Shot("/c/{c}/audit"),
    "campaigns": Shot("/c/{c}/campaigns"),
    "campaign": Shot("/c/{c}/campaigns", _window("Оповещение о долгах", "Ход обзвона")),
    "webhooks": Shot("/c/{c}/webhooks"),
    "webhook": Shot("/c/{c}/webhooks", _window("CRM")),
    "network": Shot("/network"),
    "system-nodes": Shot("/system"),
    "system-routes": Shot("/system?tab=routes"),
    "system-pool": Shot("/system?tab=pool"),
    "system-accounts": Shot("/system?tab=accounts"),
    "account-history": Shot("/system?tab=accounts", _press("История: romashka")),
    "system-tariffs": Shot("/system?tab=tariffs"),
    "tariff": Shot("/system/tariffs/{tariff}"),
    "tariff-rate": Shot("/system/tariffs/{tariff}", _window("+79")),
    "tariff-import": Shot("/system/tariffs/{tariff}", _press("Загрузить из файла")),
    "system-zones": Shot("/system?tab=zones"),
    "system-radius": Shot("/system?tab=radius"),
    "system-bans": Shot("/system?tab=bans"),
    "system-fraud": Shot("/system?tab=fraud"),
    "system-codes": Shot("/system?tab=codes"),
    "system-settings": Shot("/system?tab=settings"),
    "system-certificates": Shot("/system?tab=certificates"),
    "system-security": Shot("/system?tab=security"),
    "system-backups": Shot("/system?tab=backups"),
    "settings": Shot("/settings"),
    "callback": Shot("/callback"),
}
IN_THE_DARK = ("overview", "dialplan", "calls-charts", "tariff", "user-remote")
ON_A_PHONE = ("overview", "calls", "callback", "recordings")
# Suffix of the file, the screens, the browser.
VIEWS: tuple[tuple[str, Collection[str], dict[str, object]], ...] = (
    ("", SHOTS, {"viewport": DESKTOP}),
    ("-dark", IN_THE_DARK, {"viewport": DESKTOP, "color_scheme": "dark"}),
    ("-phone", ON_A_PHONE, {"viewport": PHONE}),
)


def main(wanted: list[str]) -> int:
    """All pictures, or those whose names are given; an unknown name is an error (2)."""
    if unknown := set(wanted) - SHOTS.keys():
        print(f"no such screen: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chosen = wanted or list(SHOTS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Instance() as instance, _chromium() as browser:
        company, ids, lines = furnish(instance)
        places = {"c": company.id, **ids}
        with _talking(lines):
            for suffix, known, context in VIEWS:
                if names := [name for name in chosen if name in known]:
                    _album(browser, instance, context, names, suffix, places)
    return 0


def _album(
    browser: Browser,
    instance: Instance,
    context: dict[str, object],
    names: list[str],
    suffix: str,
    places: dict[str, int],
) -> None:
    options = {"locale": "ru-RU", "reduced_motion": "reduce", **context}
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    cabinet = Cabinet(page, f"http://127.0.0.1:{instance.config.web_port}", FOLDER)
    cabinet.log_in(instance.admin["login"], instance.admin["password"])
    for name in names:
        shot = SHOTS[name]
        cabinet.open(shot.path.format(**places))
        _settle(page)
        if shot.act:
            shot.act(cabinet)
            _settle(page)
        path = FOLDER / f"{name}{suffix}.png"
        path.write_bytes(small(page.screenshot()))
        print(f"{path.relative_to(CHECKOUT)}  {path.stat().st_size // 1000} kB", flush=True)
    page.context.close()
    cabinet.assert_calm()


def _settle(page: Page) -> None:
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.locator(WAITING)).to_have_count(0)
    page.wait_for_timeout(700)  # windows slide in, live figures come


def small(png: bytes) -> bytes:
    """The picture with a palette, below MOST_BYTES."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


@contextmanager
def _talking(lines: list[Line]) -> Iterator[None]:
    """A call that goes on while the pictures are taken."""
    secretary, director = lines[0], lines[1]
    answering = secretary.phone.answer()
    calling = director.phone.start_call(secretary.digits, talk_ms=1_200_000)
    try:
        yield
    finally:
        calling.stop()
        answering.stop()


@contextmanager
def _chromium() -> Iterator[Browser]:
    path: str | Path | None = os.environ.get("ATS_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield running
        running.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
