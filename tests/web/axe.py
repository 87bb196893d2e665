"""Checks of accessibility by axe-core, the copy that npm installed for the cabinet's build."""

import os
from pathlib import Path
from typing import Any

from ats.config import CHECKOUT
from tests.web.cabinet import Cabinet

_TOOLS = Path(os.environ.get("ATS_TOOLS") or CHECKOUT / "var" / "tools")
_SCRIPT = _TOOLS / "web-build" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "async ([within, options]) => (await axe.run(within || document, options)).violations"
_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Colours are all that differs in the dark.
_COLOURS = {"type": "rule", "values": ["color-contrast"]}


def violations(cabinet: Cabinet, *, colours: bool = False, within: str = "") -> list[str]:
    """What axe finds against WCAG 2.1 A and AA in the whole page (`colours`: only texts that are hard to read).

    `within`: only in what this CSS selector finds.
    """
    if not cabinet.page.evaluate("'axe' in window"):
        cabinet.page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    only: dict[str, Any] = {"runOnly": _COLOURS if colours else _RULES, "resultTypes": ["violations"]}
    found = cabinet.page.evaluate(_RUN, [within, only])
    return [f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found]


def assert_accessible(cabinet: Cabinet) -> None:
    """No violation that axe can find in the present screen, its frame and windows."""
    said = violations(cabinet)
    assert said == [], "\n".join(said)
