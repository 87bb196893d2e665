"""Codes that are keyed during a talk, as the engine's features.conf (pure)."""

import re
from collections.abc import Mapping

_CODE = re.compile(r"[0-9*#]{1,11}\Z")
# What the engine calls them; the rest of its own codes is switched off.
_BUILTIN = {"transfer": "blindxfer", "consult": "atxfer"}


def conf(codes: Mapping[str, str]) -> str:
    """`codes`: feature → digits, "" for one that is switched off. Raises ValueError for anything but a code.

    A transfer that fails comes back by itself; codes are taken within a second between keys.
    """
    lines = ["[general]", "transferdigittimeout=3", "featuredigittimeout=1000", "", "[featuremap]"]
    for feature, name in _BUILTIN.items():
        lines.append(f"{name}={_checked(codes[feature])}")
    lines += [f"{name}=" for name in ("disconnect", "automixmon", "parkcall")]
    lines += ["", "[applicationmap]"]
    if record := _checked(codes["record"]):
        lines.append(f'ats-record={record},self,Gosub,"ats-demand,s,1"')
    return "\n".join(lines) + "\n"


def _checked(digits: str) -> str:
    if digits and not _CODE.match(digits):
        raise ValueError(f"not a code: {digits!r}")
    return digits
