"""Active calls: asking the agent to look, what it saw, and a stream of changes for the browser.

A stream holds no thread and no database connection while it waits: it sleeps in the event loop and asks
the database for a moment once a second.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from ats.engine.models import LiveCall
from ats.engine.watching import WATCH_FOR, watch
from ats.errors import Denied, Missing, NotLoggedIn
from ats.numbering.models import Number
from ats.ports.models import Port
from ats.scoping import owner

# A row older than this was left by an agent that has stopped looking.
LIVE_FOR = timedelta(seconds=20)
POLL_S = 1.0
HEARTBEAT_S = 10.0
STREAM_S = 300.0  # then the browser connects again


# Numbers whose calls may be seen now, as `own_numbers`; raises NotLoggedIn, Denied or Missing when none may be
# any more.
Visible = Callable[[], frozenset[str] | None]


def own_numbers() -> frozenset[str] | None:
    """Numbers and port log-ins whose calls the user in scope may see; None: all of the client's (S232)."""
    if owner() is None:
        return None
    numbers = Number.objects.values_list("digits", flat=True)
    return frozenset(numbers) | frozenset(Port.objects.exclude(login="").values_list("login", flat=True))


def fresh_since() -> datetime:
    """Rows seen before this moment say nothing any more."""
    return timezone.now() - LIVE_FOR


def channels(client_id: int, own: frozenset[str] | None = None) -> QuerySet[LiveCall]:
    """Channels of the client in progress; only of calls that touch `own` numbers when given."""
    rows = LiveCall.objects.filter(client_id=client_id, updated_at__gt=fresh_since())
    if own is None:
        return rows
    touched = Q(caller__in=own) | Q(called__in=own) | Q(connected__in=own)
    return rows.filter(linkedid__in=rows.filter(touched).values("linkedid"))


def snapshot(client_id: int, own: frozenset[str] | None = None) -> dict[str, Any]:
    """The active calls as last seen by the agents; only those that touch `own` numbers when given."""
    now = timezone.now()
    items = [
        {
            "id": row.uniqueid,
            "linkedid": row.linkedid,
            "caller": row.caller,
            "called": row.called,
            "connected": row.connected,
            "state": row.state,
            "answered": row.answered,
            "started_at": _iso(row.started_at),
            "duration_ms": max(0, round((now - row.started_at).total_seconds() * 1000)),
        }
        for row in channels(client_id, own).order_by("started_at", "pk")
    ]
    return {"items": items, "updated_at": _iso(now)}


async def changes(client_id: int, visible: Visible) -> AsyncIterator[dict[str, Any] | None]:
    """The state now, then again on every change, and None about each 10 s when nothing changed.

    Ends with the look in which `visible` refuses: its user was switched off, logged out or lost the right. Running
    durations are not a change: the browser ticks by itself.
    """
    last: list[dict[str, Any]] | None = None
    silent_s = 0.0
    watched_s = WATCH_FOR.total_seconds()
    deadline = time.monotonic() + STREAM_S
    while time.monotonic() < deadline:
        renew = watched_s >= WATCH_FOR.total_seconds() / 3
        state = await sync_to_async(_look, thread_sensitive=False)(client_id, renew, visible)
        if state is None:
            return
        watched_s = 0.0 if renew else watched_s + POLL_S
        seen = [{**item, "duration_ms": 0} for item in state["items"]]
        if seen != last:
            last, silent_s = seen, 0.0
            yield state
        elif silent_s >= HEARTBEAT_S:
            silent_s = 0.0
            yield None
        await asyncio.sleep(POLL_S)
        silent_s += POLL_S


def found(card: dict[str, Any] | None) -> dict[str, Any]:
    """A call's card; raises Missing when this client has no such call."""
    if card is None:
        raise Missing
    return card


def _look(client_id: int, renew: bool, visible: Visible) -> dict[str, Any] | None:
    try:
        own = visible()
        if renew:
            watch(client_id)
        return snapshot(client_id, own)
    except (NotLoggedIn, Denied, Missing):
        return None
    finally:
        connection.close()  # the worker thread may serve anybody next; no connection per watcher is kept


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
