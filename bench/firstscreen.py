"""`./ats bench firstscreen`: how soon the cabinet's first screens can be used, on a cold cache, in Chromium here.

A whole installation, its own built cabinet, a new browser profile for each visit. «Interactive»: what one came for
stands on the screen (the field for the name; the rows of «Клиенты») and the page has no long task any more.
"""

import argparse
import json
import os
import shutil
import statistics
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness.instance import Instance

BAR_MS = 2000
QUIET_MS = 500  # without a long task (50 ms of script): the page answers at once
_WATCH = """
window.tasks = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.tasks.push(one.startTime + one.duration);
}).observe({type: 'longtask', buffered: true});
window.seen = {};
const look = () => {
  for (const wanted of ['input[name=login]', 'tbody tr td a']) {
    if (!(wanted in window.seen) && document.querySelector(wanted)) window.seen[wanted] = performance.now();
  }
  requestAnimationFrame(look);
};
look();
"""
_LOADED = (
    """() => performance.getEntriesByType('resource').filter(one => !one.name.includes('/api/')).length"""
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="ats bench firstscreen", description=__doc__)
    parser.add_argument("--visits", type=int, default=5)
    options = parser.parse_args()
    path = os.environ.get("ATS_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("no chromium on this machine (./ats test web gets it)")
    with Instance() as instance, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        base = f"http://127.0.0.1:{instance.config.web_port}"
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(base)
            page.fill("input[name=login]", instance.admin["login"])
            page.fill("input[name=password]", instance.admin["password"])
            page.click("button[type=submit]")
            page.wait_for_selector("tbody tr td a")
            session: Any = context.storage_state()
        visits = {
            "log_in": [_visit(browser, base, "input[name=login]", None) for _ in range(options.visits)],
            "clients": [_visit(browser, base, "tbody tr td a", session) for _ in range(options.visits)],
        }
        browser.close()
    result: dict[str, object] = {"bar_ms": BAR_MS, "visits": options.visits}
    for name, times in visits.items():
        for place, what in enumerate(("visible", "interactive")):
            result[f"{name}_{what}_ms"] = round(statistics.median(one[place] for one in times))
        result[f"{name}_worst_ms"] = round(max(one[1] for one in times))
        result[f"{name}_files"] = round(times[0][2])
    print(json.dumps(result))
    return 0


def _visit(browser: Browser, base: str, wanted: str, session: Any) -> tuple[float, float, float]:
    """ms from the start of the navigation until `wanted` stands and until the page is quiet; files loaded."""
    with browser.new_context(storage_state=session) as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(base)
        page.wait_for_selector(wanted)
        visible: float = page.evaluate("name => window.seen[name] ?? performance.now()", wanted)
        return visible, _quiet(page, visible), page.evaluate(_LOADED)


def _quiet(page: Page, since: float) -> float:
    """When the last long task before a quiet half second ended; `since` when there was none after it."""
    while True:
        now, ends = page.evaluate("[performance.now(), window.tasks]")
        last = max([since, *ends])
        if now - last >= QUIET_MS:
            return float(last)
        page.wait_for_timeout(100)


if __name__ == "__main__":
    raise SystemExit(main())
