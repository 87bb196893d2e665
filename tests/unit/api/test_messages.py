"""Every code the program can answer with has a text in both languages."""

import re
import string
from pathlib import Path

from ats.api import faults, messages
from ats.api.texts import TEXTS
from ats.clients.rights import Right, Role

SOURCES = Path(messages.__file__).parents[1]
# Where codes are written down: Fault("x"), Bad("x"), invalid("field", "x"), Conflict("x"), pattern(r"…", "x")
USES = [
    r'\b(?:Fault|Bad|Conflict|Denied|NotLoggedIn)\(\s*"([a-z_]+)"',
    r'\binvalid\(\s*(?:f?"[^"]*"|path|name),\s*"([a-z_]+)"',
    r'\bpattern\(\s*r"[^"]*",\s*"([a-z_]+)"',
    r'\berror_response\(\s*request,\s*[^,]+,\s*"([a-z_]+)"',
    r'\.fault\("[a-z_]+",\s*"([a-z_]+)"',
]


def codes_in_source() -> set[str]:
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for use in USES:
            found |= set(re.findall(use, text))
    return found


def test_no_code_lacks_a_text() -> None:
    used = codes_in_source() | set(faults._CODES.values())
    assert len(used) > 50, "the patterns of this test no longer find the codes"
    assert used - TEXTS.keys() == set()


def test_both_languages_name_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, (russian, english) in TEXTS.items():
        assert names(russian) == names(english), code
        assert re.search("[а-яё]", russian, re.IGNORECASE), code
        assert not re.search("[а-яё]", english, re.IGNORECASE), code


def test_rights_roles_and_causes_have_names_in_both_languages() -> None:
    for language in messages.LANGUAGES:
        assert messages.right_names(language).keys() == set(Right)
        assert messages.role_names(language).keys() == set(Role)
        assert all(messages.causes(language).values())


def test_hang_up_causes_are_those_the_dialplan_accepts() -> None:
    from ats.numbering.dialplan_checks import CAUSES

    assert tuple(messages.causes("ru")) == CAUSES
