"""All dialled feature codes as one shared context: clients' own contexts lead here what they do not know."""

import re
from collections.abc import Mapping, Sequence

from ats.dialplan.codes.base import Feature, Site
from ats.dialplan.elements.base import check
from ats.dialplan.model import Line

CONTEXT = "codes"
_CODE = re.compile(r"[0-9]*[*#][0-9*#]*\Z")


def compile_codes(
    features: Sequence[Feature], codes: Mapping[str, str], version: int
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """(lines of `codes.v<version>`, pointers). `codes`: feature → digits, "" for one that is switched off.

    Raises ValueError for a code that must not stand in a dialplan.
    """
    context = f"{CONTEXT}.v{version}"
    lines: list[Line] = []
    for feature in features:
        digits = codes.get(feature.key, "")
        if not digits or feature.compile is None:
            continue
        check(_CODE, digits)
        exten = f"_{digits}X!" if feature.argument else digits
        own: list[Line] = []

        def add(app: str, data: str, exten: str = exten, own: list[Line] = own) -> None:
            own.append(Line(context, exten, len(own) + 1, app, data))

        feature.compile(Site(add, len(digits)))
        lines += own
    lines.append(Line(context, "i", 1, "Hangup", "1"))
    return tuple(lines), (Line(CONTEXT, "_[0-9*#]!", 1, "Goto", f"{context},${{EXTEN}},1"),)
