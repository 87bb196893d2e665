"""Texts in the language of whoever asks, and the names of rights, roles and causes."""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from ats.api.texts import TEXTS
from ats.clients.rights import Right, Role

LANGUAGES = ("ru", "en")

_RIGHTS: dict[Right, tuple[str, str]] = {
    Right.MANAGE_SYSTEM: ("Управление системой", "Manage system"),
    Right.HTTP_LOGIN: ("Вход по HTTP", "Log in over HTTP"),
    Right.VIEW_CLIENTS: ("Просмотр настроек клиентов", "View clients' settings"),
    Right.VIEW_CLIENTS_CDR: ("Просмотр детализации клиентов", "View clients' call detail"),
    Right.CONTROL_CLIENTS_CALLS: ("Управление вызовами клиентов", "Control clients' calls"),
    Right.CHANGE_CLIENTS: ("Изменение клиентов", "Change clients"),
    Right.ADD_CLIENTS: ("Добавление клиентов", "Add clients"),
    Right.DELETE_CLIENTS: ("Удаление клиентов", "Delete clients"),
    Right.VIEW_USERS: ("Просмотр настроек пользователей", "View users' settings"),
    Right.VIEW_USERS_CDR: ("Просмотр детализации пользователей", "View users' call detail"),
    Right.CONTROL_USERS_CALLS: ("Управление вызовами пользователей", "Control users' calls"),
    Right.CHANGE_USERS: ("Изменение пользователей", "Change users"),
    Right.ADD_USERS: ("Добавление пользователей", "Add users"),
    Right.DELETE_USERS: ("Удаление пользователей", "Delete users"),
    Right.VIEW_OWN: ("Просмотр настроек", "View own settings"),
    Right.VIEW_OWN_CDR: ("Просмотр детализации", "View own call detail"),
    Right.CONTROL_OWN_CALLS: ("Управление вызовами", "Control own calls"),
    Right.CHANGE_OWN: ("Изменение настроек", "Change own settings"),
    Right.PIN: ("Авторизация по pin-коду", "Authorisation by PIN"),
    Right.CLIP_CALLBACK: ("Авторизация по CLIP", "Authorisation by CLIP"),
    Right.WEB_SERVICES: ("Использование WEB-служб", "Use of web services"),
    Right.ADVANCED: ("Расширенные настройки", "Advanced settings"),
    Right.TELEMARKETING: ("Телемаркетинг", "Telemarketing"),
}

_ROLES: dict[Role, tuple[str, str]] = {
    Role.SYSTEM_ADMIN: ("Администратор системы", "System administrator"),
    Role.CLIENTS_ADMIN: ("Администратор клиентов", "Clients' administrator"),
    Role.CLIENT_ADMIN: ("Администратор клиента", "Client's administrator"),
    Role.CLIENT_USER: ("Пользователь клиента", "Client's user"),
}

# Q.850 causes that make sense to tell a caller (ITU-T Q.850, table 1)
_CAUSES: dict[int, tuple[str, str]] = {
    1: ("Номер не существует", "Unallocated number"),
    16: ("Обычный отбой", "Normal clearing"),
    17: ("Занято", "Busy"),
    19: ("Нет ответа", "No answer"),
    20: ("Абонент недоступен", "Subscriber absent"),
    21: ("Вызов отклонён", "Call rejected"),
    27: ("Направление не работает", "Destination out of order"),
    34: ("Нет свободных линий", "No circuit available"),
    38: ("Сеть не работает", "Network out of order"),
    42: ("Перегрузка", "Congestion"),
}
# Besides those, what call detail may name as the end of a call. 44 is ours: see calls.derive.
_ENDINGS: dict[int, tuple[str, str]] = {
    3: ("Нет маршрута", "No route"),
    18: ("Телефон не отзывается", "The telephone does not respond"),
    22: ("Номер изменён", "Number changed"),
    28: ("Неверный номер", "Invalid number"),
    31: ("Обычный отбой", "Normal, unspecified"),
    44: ("Телефон пропал: от него не было звука", "The telephone was gone: no sound came of it"),
}


def language_of(request: HttpRequest) -> str:
    """The user's language, else what the browser prefers, else Russian."""
    try:
        user = getattr(request, "auth", None) or getattr(request, "user", None)
        language = getattr(user, "language", "")
    except DatabaseError:  # the refusal itself may be about a database that does not answer
        language = ""
    if language in LANGUAGES:
        return str(language)
    preferred = request.headers.get("Accept-Language", "").lower()
    for part in preferred.split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "ru"


def text(code: str, language: str, params: Mapping[str, str | int] | None = None) -> str:
    """The text of a code; raises KeyError for an unknown code, which a test would have found."""
    return TEXTS[code][LANGUAGES.index(language)].format(**(params or {}))


def localised(params: Any, language: str) -> dict[str, str | int]:
    """Params with the faults inside them put into words (lists of places where something is used)."""
    return {
        name: ", ".join(text(place.code, language, localised(place.params, language)) for place in value)
        if isinstance(value, tuple)
        else value
        for name, value in dict(params).items()
    }


def right_names(language: str) -> dict[Right, str]:
    """Names of the rights as the manual has them."""
    return {right: names[LANGUAGES.index(language)] for right, names in _RIGHTS.items()}


def role_names(language: str) -> dict[Role, str]:
    """Names of the four roles."""
    return {role: names[LANGUAGES.index(language)] for role, names in _ROLES.items()}


def causes(language: str) -> dict[int, str]:
    """Causes a hang-up step may give."""
    return {code: names[LANGUAGES.index(language)] for code, names in _CAUSES.items()}


def endings(language: str) -> dict[int, str]:
    """Causes a call in call detail may have ended with, as far as they have names."""
    return {code: names[LANGUAGES.index(language)] for code, names in sorted((_CAUSES | _ENDINGS).items())}
