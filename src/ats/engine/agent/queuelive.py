"""How the queues of watched clients are now: who waits, and what each agent does.

Asked of the engine while somebody looks, of the clients' own queues only and by name.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from ats.engine.ami import Ami
from ats.engine.models import LiveQueue

_NAME = re.compile(r"q([0-9]{1,18})\Z")
_AGENT = re.compile(r"a([0-9]{1,18})\Z")
# States of a telephone as the engine counts them.
_BUSY, _AWAY, _RINGING = {"2", "3", "7", "8"}, {"4", "5"}, "6"

State = dict[str, Any]


async def look(ami: Ami, engine_db: Path, clients: set[int]) -> dict[tuple[int, int], State]:
    """(client, queue) → {"waiting": [{caller, position, wait_s}], "agents": [{id, state, calls}]}.

    An agent is out | away | paused | free | ringing | talking. Raises AmiUnavailable.
    """
    queues, members = _known(engine_db, clients)
    answers = await _ask(ami, list(queues))
    unread = [name for name, events in answers.items() if not events]
    if unread:  # nobody has called it since the engine began: it is read when it is shown
        await ami.batch(("Command", (("Command", f"queue show {name}"),)) for name in unread)
        answers |= await _ask(ami, unread)
    return {
        (client_id, int(name[1:])): state(answers[name], members[name]) for name, client_id in queues.items()
    }


def state(events: Iterable[Mapping[str, str]], rows: Mapping[int, bool]) -> State:
    """What the engine said of one queue; `rows`: its agents and whether they are logged in."""
    waiting, agents = [], {agent_id: {"id": agent_id, "state": "out", "calls": 0} for agent_id in rows}
    for event in events:
        if event.get("Event") == "QueueEntry":
            waiting.append(
                {
                    "caller": event.get("CallerIDNum", "")[:64],
                    "position": _whole(event.get("Position")),
                    "wait_s": _whole(event.get("Wait")),
                }
            )
        elif event.get("Event") == "QueueMember" and (match := _AGENT.match(event.get("Name", ""))):
            agent_id = int(match[1])
            if rows.get(agent_id):
                calls = _whole(event.get("CallsTaken"))
                agents[agent_id] = {"id": agent_id, "state": _doing(event), "calls": calls}
    return {
        "waiting": sorted(waiting, key=lambda one: int(one["position"])),
        "agents": list(agents.values()),
    }


def save(node_id: int, found: Mapping[tuple[int, int], State]) -> None:
    """Make the rows say what the engine said."""
    now = timezone.now()
    rows = [
        LiveQueue(node_id=node_id, client_id=client_id, queue_id=queue_id, state=one, updated_at=now)
        for (client_id, queue_id), one in found.items()
    ]
    with transaction.atomic():
        LiveQueue.objects.filter(node_id=node_id).exclude(
            queue_id__in=[row.queue_id for row in rows]
        ).delete()
        LiveQueue.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["node", "queue_id"],
            update_fields=["client_id", "state", "updated_at"],
        )


def clear(node_id: int) -> None:
    """Nobody looks any more."""
    LiveQueue.objects.filter(node_id=node_id).delete()


async def _ask(ami: Ami, names: list[str]) -> dict[str, list[dict[str, str]]]:
    answers = await ami.batch(("QueueStatus", (("Queue", name),)) for name in names)
    return {name: list(answer.events) for name, answer in zip(names, answers, strict=True)}


def _known(engine_db: Path, clients: set[int]) -> tuple[dict[str, int], dict[str, dict[int, bool]]]:
    """The queues of these clients, and of each its agents with whether they are logged in."""
    marks = ", ".join("?" * len(clients))
    owners = [str(client) for client in sorted(clients)]
    members: dict[str, dict[int, bool]] = defaultdict(dict)
    with closing(sqlite3.connect(f"file:{engine_db}?mode=ro", uri=True, timeout=5)) as connection:
        queues = {
            name: int(client_id)
            for name, client_id in connection.execute(
                f"SELECT name, client_id FROM queues WHERE client_id IN ({marks})",  # noqa: S608
                owners,
            )
            if _NAME.match(name)
        }
        rows = connection.execute(
            f"SELECT uniqueid, home, logged FROM queue_members WHERE client_id IN ({marks})",  # noqa: S608
            owners,
        )
        for agent_id, home, logged in rows:
            members[home][int(agent_id)] = logged == "1"
    return queues, members


def _doing(member: Mapping[str, str]) -> str:
    status = member.get("Status", "")
    if member.get("InCall") == "1" or status in _BUSY:
        return "talking"
    if status == _RINGING:
        return "ringing"
    if member.get("Paused") == "1":
        return "paused"
    return "away" if status in _AWAY else "free"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
