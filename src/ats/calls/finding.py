"""Finding calls among millions: every filter has an index that gives the newest matches without sorting.

A number may stand in four columns. One condition over all four would make the database read every call of the
client, or sort every match; four questions, each answered from its own index in the order of the page, do not.

What no index gives in the order of time is read call by call. A condition that few calls meet (long talks, dear
calls, recorded ones) is answered from an index of its own and combines with everything. Several that many calls meet,
a search for a part of a text, and an order but that of time are looked for among the newest SPAN calls that the
other filters leave; `Sought.since` says where that begins.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import F, OrderBy
from django_scopes.state import get_scope

from ats.calls.models import Call, filled, owned_by
from ats.faxes.models import Fax
from ats.scoping import InNoIndex, belonging, owner
from ats.textsearch.condition import HoldsText

TOTAL_CAP = 100_000  # counting millions of rows for a page of fifty would cost seconds
FILES_CAP = 10_000  # of calls with a file, each looked up from another table
SPAN = 100_000  # newest calls that are looked through where no index leads
FEW = 10_000  # calls that meet a condition: so many are found by it, whatever else is asked
NUMBER_COLUMNS = ("caller", "called", "via", "answered_by")
PORT_COLUMNS = ("caller_port_id", "answered_port_id")
_SEARCHED = (*NUMBER_COLUMNS, "caller_name")


class _Sorted(InNoIndex):
    """A column to put in order what was found: an index in that order would lead through all of a client's calls."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="GREATEST(%(expressions)s)", **extra)


class Sought(NamedTuple):
    """Calls that match, and since when they were looked for (None: all there are).

    `arms`: questions whose answers together are `rows`, each with an index of its own. `keys`: their ids as another
    table tells them, which is then quicker to count.
    """

    rows: QuerySet[Call]
    arms: list[QuerySet[Call]]
    since: datetime | None
    keys: QuerySet[Any, Any] | None = None


def sought(filters: Mapping[str, Any], *, by_time: bool = True) -> Sought:
    """Calls of the client in scope that match all of `filters`; `by_time`: wanted in that order.

    from, to: aware datetimes, half-open by the time of start; direction, result; numbers: the ways one number is
    written in rows, whoever's it is; port_id: the caller's port or the one that answered; talk_from_ms,
    cost_from (in 1/10,000): at least so much; has_fax, has_recording; search: any part of a number or name.
    """
    rows, arms = _led_to(filters)
    few, looked = _conditions(filters)
    for one in few:
        rows, arms = rows.filter(pk__in=one), [arm.filter(pk__in=one) for arm in arms]
    plain = len(arms) == 1 and not any(filters.get(name) for name in ("from", "to", "direction", "result"))
    walked = not looked or (plain and len(looked) == 1 and not filters.get("search"))
    since = None if few or (by_time and walked) else horizon(arms)
    if since:
        rows, arms = rows.filter(started_at__gte=since), [arm.filter(started_at__gte=since) for arm in arms]
    if looked:
        rows, arms = rows.filter(*looked), [arm.filter(*looked) for arm in arms]
    alone = plain and not few and len(looked) == 1 and since is None
    return Sought(
        rows, arms, since, _recorded().distinct() if alone and filters.get("has_recording") else None
    )


def _led_to(filters: Mapping[str, Any]) -> tuple[QuerySet[Call], list[QuerySet[Call]]]:
    """What an index leads to in the order of time: one question, or several that together are it."""
    rows = _narrowed(Call.objects.all(), filters)
    if numbers := filters.get("numbers"):
        each = [
            Q(**{column: number}) & (filled(column) if column in ("via", "answered_by") else Q())
            for column in NUMBER_COLUMNS
            for number in numbers
        ]
        return rows.filter(_any([f"{column}__in" for column in NUMBER_COLUMNS], numbers)), [
            rows.filter(one) for one in each
        ]
    if port_id := filters.get("port_id"):
        return rows.filter(_any(PORT_COLUMNS, port_id)), [
            rows.filter(**{column: port_id}) for column in PORT_COLUMNS
        ]
    if (person := owner()) is not None:
        # Each of the four makes a call his: that it is need not be asked again of every row.
        every = _narrowed(_all(), filters)
        return rows, [every.filter(one) for one in owned_by(person)]
    return rows, [rows]


def _narrowed(rows: QuerySet[Call], filters: Mapping[str, Any]) -> QuerySet[Call]:
    """Those of a time, and of one result or direction: what every index by time can tell."""
    if since := filters.get("from"):
        rows = rows.filter(started_at__gte=since)
    if until := filters.get("to"):
        rows = rows.filter(started_at__lt=until)
    name = next((one for one in ("result", "direction") if filters.get(one)), "")
    return rows.filter(**{name: filters[name]}) if name else rows


def _conditions(filters: Mapping[str, Any]) -> tuple[list[QuerySet[Any, Any]], list[Any]]:
    """The other conditions: ids of the few calls that meet one, and those for which every call is looked at."""
    few: list[QuerySet[Any, Any]] = []
    looked: list[Any] = []

    def add(meeting: QuerySet[Any, Any], condition: Any) -> None:
        if meeting[: FEW + 1].count() <= FEW:
            few.append(meeting[:FEW])
        else:
            looked.append(condition)

    if filters.get("result") and (direction := filters.get("direction")):
        looked.append(Q(direction=direction))
    if filters.get("numbers") and (port_id := filters.get("port_id")):
        looked.append(_any(PORT_COLUMNS, port_id))
    if least := filters.get("cost_from"):
        add(_all().filter(cost__gte=least).values("pk"), Q(cost__gte=least))
    if shortest := filters.get("talk_from_ms"):
        add(_all().filter(talk_ms__gt=0, talk_ms__gte=shortest).values("pk"), Q(talk_ms__gte=shortest))
    if (recorded := filters.get("has_recording")) is not None:
        if recorded:
            add(_recorded(), with_recording())
        else:
            looked.append(~with_recording())
    if (wanted := filters.get("has_fax")) is not None:
        looked.append(with_fax() if wanted else ~with_fax())
    if text := str(filters.get("search") or "").replace("\x00", "").strip():
        if text.isascii():
            looked.append(HoldsText(*_SEARCHED, text=text))
        else:  # no number holds such letters, and few calls come with a name
            looked.append(~Q(caller_name="") & Q(HoldsText("caller_name", text=text)))
    return few, looked


def cap(filters: Mapping[str, Any]) -> int:
    """Where counting what matches stops."""
    return FILES_CAP if filters.get("has_fax") or filters.get("has_recording") else TOTAL_CAP


def horizon(arms: Sequence[QuerySet[Call]]) -> datetime | None:
    """The start of the SPAN-th newest call of the question that has most of them; None when all have fewer."""
    starts = [
        arm.order_by("-started_at").values_list("started_at", flat=True)[SPAN : SPAN + 1] for arm in arms
    ]
    return max((at for found in starts for at in found), default=None)


def ordered(rows: QuerySet[Call], column: str) -> QuerySet[Call]:
    """Rows in the order of a column, `-` before it for descending; ties are broken in its direction."""
    down, name = column.startswith("-"), column.removeprefix("-")
    by = F(name) if name == "started_at" else _Sorted(name)
    return rows.order_by(OrderBy(by, descending=down), "-id" if down else "id")


def extras() -> dict[str, Exists]:
    """What a row of the list says beyond its own columns."""
    return {"has_fax": with_fax(), "has_recording": with_recording()}


def with_fax() -> Exists:
    """Whether a fax came in the call (S162)."""
    return Exists(Fax.objects.filter(linkedid=OuterRef("linkedid"), node=OuterRef("node")))


def with_recording() -> Exists:
    """Whether somebody's talk in the call was recorded (S185)."""
    return Exists(_recordings().filter(call_id=OuterRef("pk")))


def _recorded() -> QuerySet[Any, Any]:
    """Ids of all recorded calls of the client in scope, for each recording of them."""
    return _recordings().filter(client=get_scope()["client"]).order_by().values("call_id")


def _recordings() -> QuerySet[Model]:
    """All recordings: who sees a call may hear it, so the calls' scope is enough."""
    # By name: call detail must not know the room of recordings (pyproject, import rules).
    return belonging(apps.get_model("recordings.Recording"))


def _all() -> QuerySet[Call]:
    """Calls of the client in scope, whoever's: ids of them are only a condition on what somebody may see."""
    return belonging(Call).filter(client_id=get_scope()["client"])


def _any(columns: Sequence[str], value: object) -> Q:
    where = Q()
    for column in columns:
        where |= Q(**{column: value})
    return where
