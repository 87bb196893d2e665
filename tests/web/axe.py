"""Checks of accessibility by axe-core, the copy that npm installed for the cabinet's build."""

import os
from pathlib import Path

from ats.config import CHECKOUT
from tests.web.cabinet import Cabinet

_TOOLS = Path(os.environ.get("ATS_TOOLS") or CHECKOUT / "var" / "tools")
_SCRIPT = _TOOLS / "web-build" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """rules => axe.run(
    {include: ['main', '[role=dialog]']},
    {runOnly: {type: 'tag', values: rules}},
).then(result => result.violations)"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def assert_accessible(cabinet: Cabinet) -> None:
    """No violation of WCAG 2.1 A and AA that axe can find in the present screen's content and windows."""
    cabinet.page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found = cabinet.page.evaluate(_RUN, _RULES)
    said = [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
    assert said == [], "\n".join(said)
