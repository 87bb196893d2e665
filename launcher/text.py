"""Texts for the person at the terminal, in Russian and English, and the error that carries one."""

from __future__ import annotations

import os


def language() -> str:
    """`ru`, `en`, or `both` when the locale says neither (a bare server has LANG=C or nothing)."""
    for name in ("ATS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith(("ru", "en")):
            return value[:2]
        if value:
            break
    return "both"


def tr(ru: str, en: str) -> str:
    """The text in the user's language; both when the language is not known."""
    chosen = language()
    if chosen == "both":
        joint = "\n" if "\n" in ru else " · "
        return f"{ru}{joint}{en}"
    return ru if chosen == "ru" else en


class LaunchError(Exception):
    """Set-up or start cannot go on. `str()` says what happened, `hint` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
