"""Changes to limits (S34, S38, S39, S79, S114)."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients import access
from ats.clients.access import Do
from ats.clients.models import Client, User
from ats.clients.versions import bump
from ats.dialplan.directions import Direction
from ats.errors import Denied, Fault, Invalid
from ats.limits import queries, usage
from ats.limits.models import Limit
from ats.limits.scopes import Scope

MAX_LINES = 10_000
MAX_S = 86_400
MAX_MINUTES = 1_000_000
MAX_MONEY = 10**15
MAX_CALLS = 100_000
MAX_PREFIXES = 200
_PREFIX = re.compile(r"[0-9]{1,15}\Z")
# Emergency calls cannot be closed.
CLOSABLE = tuple(
    direction.value for direction in Direction if direction not in (Direction.EMERGENCY, Direction.INTERNAL)
)


def _directions(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise checks.Bad("not_list")
    if any(item not in CLOSABLE for item in value):
        raise checks.Bad("not_allowed", allowed=", ".join(CLOSABLE))
    return [direction for direction in CLOSABLE if direction in value]


def _prefixes(value: Any) -> list[str]:
    """Starts of E.164 numbers; people may write them with a plus."""
    if not isinstance(value, list):
        raise checks.Bad("not_list")
    if len(value) > MAX_PREFIXES:
        raise checks.Bad("too_many", max=MAX_PREFIXES)
    found = [str(item).strip().removeprefix("+") for item in value]
    if not all(_PREFIX.match(item) for item in found):
        raise checks.Bad("bad_prefix")
    return sorted(set(found))


# Zero is a limit too: no line, no minute, no money at all.
_CHECKS: dict[str, checks.Check] = {
    **dict.fromkeys(queries.LINES, checks.whole(0, MAX_LINES, optional=True)),
    **dict.fromkeys(queries.DURATIONS, checks.whole(1, MAX_S, optional=True)),
    **dict.fromkeys(("minutes_day", "minutes_month"), checks.whole(0, MAX_MINUTES, optional=True)),
    **dict.fromkeys(("money_day", "money_month"), checks.whole(0, MAX_MONEY, optional=True)),
    **dict.fromkeys(("calls_minute", "destinations_day"), checks.whole(0, MAX_CALLS, optional=True)),
    "closed": _directions,
    "allow_prefixes": _prefixes,
    "deny_prefixes": _prefixes,
}


# Of the calls that a step leads outside; they are saved with the step.
STEP_CHECKS: Mapping[str, checks.Check] = {name: _CHECKS[name] for name in queries.STEP_FIELDS}


def may_change(user: User, client_id: int, scope: Scope) -> bool:
    """Two levels (S38): limits of a client are its operator's, those of its things its own administrator's."""
    return access.may(user, Do.CLIENT_LIMITS if scope is Scope.CLIENT else Do.LIMITS_CHANGE, client_id)


@transaction.atomic
def set_limits(
    actor: User | None, client_id: int, scope: Scope, object_id: int, values: Mapping[str, Any]
) -> Limit:
    """Set limits of a thing of the client in scope; only the fields given, None takes a limit away.

    Raises Missing, Invalid, and Denied: limits of a client are the operator's matter (S38).
    """
    if actor is not None and not may_change(actor, client_id, scope):
        raise Denied
    queries.check_own(scope, object_id)
    fields = checks.clean(values, _CHECKS)
    known = queries.fields_of(scope)
    if misplaced := [name for name, value in fields.items() if name not in known and value not in (None, [])]:
        raise Invalid({name: Fault("no_limit_here") for name in misplaced})
    # Two who set the first limit of one thing at once: the second waits here and finds a row.
    Client.objects.select_for_update().get(pk=client_id)
    limit = queries.limit_of(scope, object_id)
    if limit is None:
        limit = Limit(client_id=client_id)
        if scope is not Scope.CLIENT:
            setattr(limit, f"{scope}_id", object_id)
    before, after = apply(limit, fields)
    if not after:
        return limit
    verb = "update" if limit.pk else "create"
    limit.save()
    record(actor, client_id, verb, limit, before=before, after=after)
    bump(client_id)
    if any(name in after for name in queries.COUNTED):
        usage.look_at_all(client_id)
    if not any(queries.limit_row(limit).values()) and all(
        getattr(limit, name) is None for name in queries.FIELDS if name not in queries.LISTS
    ):
        limit.delete()  # nothing is limited any more: the thing is as it was before
        return Limit(client_id=client_id)
    return limit
