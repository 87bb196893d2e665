"""A real installation and a real Chromium for the browser tests; pictures of every screen are kept."""

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from ats.config import CHECKOUT, Config
from tests.harness.company import Company
from tests.harness.instance import Instance
from tests.web.cabinet import Cabinet

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The softphone: a microphone that beeps, permission given, media between processes of one machine.
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]

_numbers = itertools.count(1)

# A busy machine (benches, other tests) is slow, not wrong; what must be quick is measured where it matters.
expect.set_options(timeout=15_000)


def _pictures(test: str) -> Path:
    root = Path(os.environ.get("ATS_TEST_ARTIFACTS") or CHECKOUT / "var" / "test-artifacts")
    folder = root / "web" / re.sub(r"[^\w-]+", "-", test)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    with Instance() as running:
        if not (running.config.web_dir / "index.html").exists():
            pytest.fail("the cabinet is not built: run `npm run build` in web/ (./ats test does)")
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("ATS_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("no chromium on this machine: ./ats test installs it")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_cabinet(
    instance: Instance, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Cabinet]]:
    """Opens further browser windows (each a visitor of its own); keywords go to Playwright's context."""
    folder = _pictures(request.node.name)
    opened: list[Cabinet] = []

    def make(**context: object) -> Cabinet:
        options = {"viewport": {"width": 1360, "height": 860}, "locale": "ru-RU", **context}
        page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
        place = folder if not opened else folder / f"window-{len(opened) + 1}"
        place.mkdir(exist_ok=True)
        cabinet = Cabinet(page, f"http://127.0.0.1:{instance.config.web_port}", place)
        opened.append(cabinet)
        return cabinet

    yield make
    for cabinet in opened:
        try:
            cabinet.page.screenshot(path=folder / f"last-{opened.index(cabinet) + 1}.png")
        except Error:
            continue  # the page was closed by the test itself
    for cabinet in opened:
        cabinet.page.context.close()
    for cabinet in opened:
        cabinet.assert_calm()


@pytest.fixture
def cabinet(new_cabinet: Callable[..., Cabinet]) -> Cabinet:
    """A browser window with nobody logged in."""
    return new_cabinet()


@pytest.fixture
def operator(cabinet: Cabinet, instance: Instance) -> Cabinet:
    """A browser window with the operator's administrator logged in."""
    cabinet.log_in(instance.admin["login"], instance.admin["password"])
    return cabinet


@pytest.fixture
def company(instance: Instance) -> Company:
    """A fresh client, made through the API."""
    return Company(instance, f"Лютик {next(_numbers)}")


@pytest.fixture
def config(instance: Instance) -> Config:
    return instance.config
