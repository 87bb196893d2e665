"""The rights of the manual (S213-S238) and the four roles, which are presets of them (S239)."""

from collections.abc import Collection
from enum import StrEnum


class Right(StrEnum):
    """One flag each; they combine freely (S239). Values are stored, never rename them."""

    MANAGE_SYSTEM = "manage_system"  # S213 «Управление системой»
    HTTP_LOGIN = "http_login"  # S214 «Вход по HTTP»
    VIEW_CLIENTS = "view_clients"  # S216
    VIEW_CLIENTS_CDR = "view_clients_cdr"  # S217
    CONTROL_CLIENTS_CALLS = "control_clients_calls"  # S218
    CHANGE_CLIENTS = "change_clients"  # S219
    ADD_CLIENTS = "add_clients"  # S220
    DELETE_CLIENTS = "delete_clients"  # S221
    VIEW_USERS = "view_users"  # S223
    VIEW_USERS_CDR = "view_users_cdr"  # S224
    CONTROL_USERS_CALLS = "control_users_calls"  # S225
    CHANGE_USERS = "change_users"  # S226
    ADD_USERS = "add_users"  # S227
    DELETE_USERS = "delete_users"  # S228
    VIEW_OWN = "view_own"  # S230
    VIEW_OWN_CDR = "view_own_cdr"  # S231
    CONTROL_OWN_CALLS = "control_own_calls"  # S232
    CHANGE_OWN = "change_own"  # S233
    PIN = "pin"  # S234
    CLIP_CALLBACK = "clip_callback"  # S235
    WEB_SERVICES = "web_services"  # S236
    ADVANCED = "advanced"  # S237
    TELEMARKETING = "telemarketing"  # S238


class Role(StrEnum):
    """Presets (S212-S229)."""

    SYSTEM_ADMIN = "system_admin"
    CLIENTS_ADMIN = "clients_admin"
    CLIENT_ADMIN = "client_admin"
    CLIENT_USER = "client_user"


def role_of(rights: Collection[str], of_operator: bool) -> Role:
    """The role whose work these rights are: what a rule for roles looks at (rights combine freely, S239)."""
    if of_operator and Right.MANAGE_SYSTEM in rights:
        return Role.SYSTEM_ADMIN
    if of_operator and not _CLIENTS.isdisjoint(rights):
        return Role.CLIENTS_ADMIN
    return Role.CLIENT_USER if (_USERS | _CLIENTS).isdisjoint(rights) else Role.CLIENT_ADMIN


_CLIENTS = {
    Right.VIEW_CLIENTS,
    Right.VIEW_CLIENTS_CDR,
    Right.CONTROL_CLIENTS_CALLS,
    Right.CHANGE_CLIENTS,
    Right.ADD_CLIENTS,
    Right.DELETE_CLIENTS,
}
_USERS = {
    Right.VIEW_USERS,
    Right.VIEW_USERS_CDR,
    Right.CONTROL_USERS_CALLS,
    Right.CHANGE_USERS,
    Right.ADD_USERS,
    Right.DELETE_USERS,
}
_OWN = {Right.VIEW_OWN, Right.VIEW_OWN_CDR, Right.CONTROL_OWN_CALLS, Right.CHANGE_OWN}

ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.SYSTEM_ADMIN: frozenset(Right),
    Role.CLIENTS_ADMIN: frozenset({Right.HTTP_LOGIN, Right.ADVANCED, *_CLIENTS, *_USERS, *_OWN}),
    Role.CLIENT_ADMIN: frozenset({Right.HTTP_LOGIN, *_USERS, *_OWN}),
    Role.CLIENT_USER: frozenset({Right.HTTP_LOGIN, *_OWN}),
}
