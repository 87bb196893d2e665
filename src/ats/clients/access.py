"""The one place that decides what a user may do (S212-S248).

A user's own client and all other clients are two different questions: only users of the operator's client
reach other clients, and only by the rights over clients. The same right held by a user of an ordinary
client works inside that client alone.
"""

from enum import StrEnum

from ats.clients.models import User
from ats.clients.rights import Right

R = Right


class Do(StrEnum):
    """What can be done. Each API operation names one."""

    SELF = "self"  # own profile, password, tokens
    CLIENT_VIEW = "client_view"
    CLIENT_LIST = "client_list"
    CLIENT_ADD = "client_add"
    CLIENT_CHANGE = "client_change"
    CLIENT_DELETE = "client_delete"
    USERS_VIEW = "users_view"
    USERS_ADD = "users_add"
    USERS_CHANGE = "users_change"
    USERS_DELETE = "users_delete"
    INTERNAL_ADD = "internal_add"  # and delete (S242)
    NUMBER_CHANGE = "number_change"
    EXTERNAL_ALLOT = "external_allot"  # and free (S243)
    PORTS_CHANGE = "ports_change"  # add, change, delete (S244)
    PORTS_SECRET = "ports_secret"  # noqa: S105 - a name: read the SIP password to set a telephone up
    DIALPLAN_CHANGE = "dialplan_change"  # S246; S245 needs numbers owned by users, which do not exist yet
    SOUNDS_CHANGE = "sounds_change"
    LIMITS_VIEW = "limits_view"
    LIMITS_CHANGE = "limits_change"  # of own users, ports and elements (S38)
    CLIENT_LIMITS = "client_limits"  # of a client as a whole: the operator's matter (S38)
    FRAUD_UNLOCK = "fraud_unlock"
    FRAUD_VIEW = "fraud_view"
    FRAUD_SETTINGS = "fraud_settings"
    CALLS_VIEW = "calls_view"  # call detail and active calls
    CALLS_CONTROL = "calls_control"  # hang up and transfer (S218, S225, S232)
    AUDIT_VIEW = "audit_view"
    CALL_BACK = "call_back"  # «Использование WEB-служб» S236, in one's own client only
    TELEMARKETING = "telemarketing"  # S208, S238
    WEBHOOKS = "webhooks"  # who changes the client; who may use web services (S236) and see what they tell
    POOL = "pool"
    ROUTES_VIEW = "routes_view"
    ROUTES_CHANGE = "routes_change"
    CODES_CHANGE = "codes_change"
    NETWORK = "network"  # S247 «Сети / Адреса»
    MONEY_VIEW = "money_view"  # zones, tariffs, accounts of all clients
    MONEY_CHANGE = "money_change"
    CLIENT_MONEY = "client_money"  # one client's account
    SYSTEM = "system"  # S248 «Системные настройки»


_MEMBER = frozenset({R.VIEW_USERS, R.VIEW_CLIENTS, R.CHANGE_USERS, R.CHANGE_CLIENTS})
_KEEPER = frozenset({R.CHANGE_USERS, R.CHANGE_CLIENTS})
_VIEW = frozenset({R.VIEW_CLIENTS})
_CHANGE = frozenset({R.CHANGE_CLIENTS})

# Any one of the rights is enough: first in one's own client, second in another client.
_RULES: dict[Do, tuple[frozenset[Right], frozenset[Right]]] = {
    Do.CLIENT_VIEW: (_MEMBER, _VIEW),
    Do.USERS_VIEW: (frozenset({R.VIEW_USERS}), _VIEW),
    Do.USERS_ADD: (frozenset({R.ADD_USERS}), _CHANGE),
    Do.USERS_CHANGE: (frozenset({R.CHANGE_USERS}), _CHANGE),
    Do.USERS_DELETE: (frozenset({R.DELETE_USERS}), _CHANGE),
    Do.INTERNAL_ADD: (_KEEPER, _CHANGE),
    Do.NUMBER_CHANGE: (_KEEPER, _CHANGE),
    Do.PORTS_CHANGE: (_CHANGE, _CHANGE),
    Do.PORTS_SECRET: (_KEEPER, _CHANGE),
    Do.DIALPLAN_CHANGE: (_KEEPER, _CHANGE),
    Do.SOUNDS_CHANGE: (_KEEPER, _CHANGE),
    Do.LIMITS_VIEW: (_MEMBER, _VIEW),
    Do.LIMITS_CHANGE: (_KEEPER, _CHANGE),
    Do.FRAUD_UNLOCK: (_KEEPER, _CHANGE),
    Do.CALLS_VIEW: (
        frozenset({R.VIEW_USERS_CDR, R.VIEW_CLIENTS_CDR}),
        frozenset({R.VIEW_CLIENTS_CDR}),
    ),
    Do.CALLS_CONTROL: (
        frozenset({R.CONTROL_USERS_CALLS, R.CONTROL_CLIENTS_CALLS}),
        frozenset({R.CONTROL_CLIENTS_CALLS}),
    ),
    Do.CALL_BACK: (frozenset({R.WEB_SERVICES}), frozenset()),
    Do.TELEMARKETING: (frozenset({R.TELEMARKETING}), frozenset({R.TELEMARKETING})),
    Do.WEBHOOKS: (_CHANGE | {R.WEB_SERVICES}, _CHANGE),
    Do.AUDIT_VIEW: (frozenset({R.VIEW_USERS, R.VIEW_CLIENTS}), _VIEW),
    Do.CLIENT_MONEY: (frozenset({R.VIEW_USERS, R.VIEW_CLIENTS}), _VIEW),
}

# What one must have besides in one's own client, one of each: hooks tell of everybody's calls and money (the
# operator's of all clients', so rights over its own users are not enough there).
_BESIDES: dict[Do, tuple[frozenset[Right], ...]] = {
    Do.WEBHOOKS: (
        frozenset({R.VIEW_USERS_CDR, R.VIEW_CLIENTS_CDR, R.CHANGE_CLIENTS}),
        frozenset({R.VIEW_USERS, R.VIEW_CLIENTS, R.CHANGE_CLIENTS}),
    ),
}
_OVER_USERS = frozenset({R.VIEW_USERS_CDR, R.VIEW_USERS})

# Rights that allow it in one's own client, but only over what is one's own there (S229-S233).
_PERSONAL: dict[Do, frozenset[Right]] = {
    Do.CLIENT_VIEW: frozenset({R.VIEW_OWN}),
    Do.CALLS_VIEW: frozenset({R.VIEW_OWN_CDR}),
    Do.CALLS_CONTROL: frozenset({R.CONTROL_OWN_CALLS}),
    Do.NUMBER_CHANGE: frozenset({R.CHANGE_OWN}),
    Do.PORTS_SECRET: frozenset({R.CHANGE_OWN}),
}

# Matters of the operator: rights over clients count only for users of the operator's client.
_OPERATOR_RULES: dict[Do, frozenset[Right]] = {
    Do.CLIENT_ADD: frozenset({R.ADD_CLIENTS}),
    Do.CLIENT_CHANGE: _CHANGE,
    Do.CLIENT_DELETE: frozenset({R.DELETE_CLIENTS}),
    Do.EXTERNAL_ALLOT: _CHANGE,
    Do.CLIENT_LIMITS: _CHANGE,
    Do.FRAUD_VIEW: _VIEW,
    Do.FRAUD_SETTINGS: _CHANGE,
    Do.POOL: _CHANGE,
    Do.ROUTES_VIEW: _VIEW,
    Do.MONEY_VIEW: _VIEW,
    Do.MONEY_CHANGE: _CHANGE,
    Do.ROUTES_CHANGE: frozenset(),
    Do.CODES_CHANGE: frozenset(),
    Do.NETWORK: _VIEW,
    Do.SYSTEM: frozenset(),
}

# Rights that mean something over the whole exchange: only users of the operator may hold the first.
SYSTEM_RIGHTS = frozenset({R.MANAGE_SYSTEM})


def is_system(user: User) -> bool:
    """Whether the user manages the whole system (S213)."""
    return user.client.is_operator and user.has_right(R.MANAGE_SYSTEM)


def reaches_all(user: User) -> bool:
    """Whether clients other than the user's own exist for this user at all."""
    return user.client.is_operator and (
        user.has_right(R.MANAGE_SYSTEM) or user.has_right(R.VIEW_CLIENTS) or user.has_right(R.CHANGE_CLIENTS)
    )


def reaches(user: User, client_id: int) -> bool:
    """Whether this client exists for the user; if not, everything of it answers 404."""
    return user.client_id == client_id or reaches_all(user)


def may(user: User, do: Do, client_id: int | None = None) -> bool:
    """Whether the user may do it, in the given client where it is a client's matter."""
    if do in (Do.SELF, Do.CLIENT_LIST) or is_system(user):
        return True
    if do in _OPERATOR_RULES:
        return user.client.is_operator and _has_any(user, _OPERATOR_RULES[do])
    own, others = _RULES[do]
    if client_id != user.client_id:
        return _has_any(user, others)
    not_enough = _OVER_USERS if user.client.is_operator else frozenset()
    if not all(_has_any(user, rights - not_enough) for rights in _BESIDES.get(do, ())):
        return False
    return _has_any(user, own | _PERSONAL.get(do, frozenset()))


def only_own(user: User, do: Do, client_id: int | None) -> bool:
    """Whether the user may do it only to what is his own in the client (S229): queries are confined to that."""
    if do not in _PERSONAL or client_id != user.client_id or is_system(user):
        return False
    return not _has_any(user, _RULES[do][0])


def may_grant(user: User, rights: frozenset[Right]) -> bool:
    """Whether the user may give these rights to somebody, or change somebody who holds them.

    Nobody gives what he does not have: otherwise a client's administrator could make himself more.
    """
    return is_system(user) or rights <= {Right(value) for value in user.rights}


def _has_any(user: User, rights: frozenset[Right]) -> bool:
    return any(right.value in user.rights for right in rights)
