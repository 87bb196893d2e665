"""Active calls, asked of the engine once a second and only while somebody looks (DESIGN 4)."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from ats.engine.agent.provision import channel_start
from ats.engine.ami import Ami
from ats.engine.models import LiveCall, LiveWatch

EVERY_S = 1.0
EVERY_CLIENT = 0
MOST_PATHS = 500
_CONTEXT = re.compile(r"c(\d+)(?:\.|\Z)")
_STATES = {"Up": "up", "Ringing": "ringing", "Ring": "dialing", "Dialing": "dialing", "Down": "dialing"}


def watched() -> set[int]:
    """Ids of the clients somebody looks at now (EVERY_CLIENT among them: all)."""
    return set(LiveWatch.objects.filter(until__gt=timezone.now()).values_list("client_id", flat=True))


def client_of(channel: Mapping[str, str]) -> int | None:
    """Whose call a channel is: the client whose contexts it is in, else its account.

    A call that a trunk brought carries the operator's account until it enters the called client's contexts.
    """
    if match := _CONTEXT.match(channel.get("Context", "")):
        return int(match[1])
    account = channel.get("AccountCode", "")
    return int(account) if account.isdigit() else None


async def paths(ami: Ami, channels: Iterable[Mapping[str, str]], clients: set[int]) -> dict[str, str]:
    """Unique id → path of the channels of clients somebody looks at by name; of so many at most."""
    asked = [one for one in channels if client_of(one) in clients][:MOST_PATHS]
    answers = await ami.batch(
        ("Getvar", (("Channel", one.get("Channel", "")), ("Variable", "CHANNEL(userfield)"))) for one in asked
    )
    # A channel that has ended meanwhile has none.
    found = zip(asked, answers, strict=True)
    return {one.get("Uniqueid", ""): answer.response.get("Value", "") for one, answer in found if answer.ok}


def refresh(
    node_id: int, channels: Iterable[Mapping[str, str]], clients: set[int], ways: Mapping[str, str]
) -> None:
    """Make the rows say what the engine said; `ways`: what `paths` found."""
    now = timezone.now()
    rows = []
    for channel in channels:
        client_id = client_of(channel)
        if client_id is None or not (client_id in clients or EVERY_CLIENT in clients):
            continue
        state = _STATES.get(channel.get("ChannelStateDesc", ""), "dialing")
        rows.append(
            LiveCall(
                node_id=node_id,
                client_id=client_id,
                linkedid=channel.get("Linkedid", "")[:64],
                uniqueid=channel.get("Uniqueid", "")[:64],
                channel=channel.get("Channel", "")[:120],
                caller=channel.get("CallerIDNum", "")[:64],
                called=_dialled(channel)[:64],
                connected=_known(channel.get("ConnectedLineNum", ""))[:64],
                state=state,
                started_at=datetime.fromtimestamp(channel_start(channel), UTC),
                answered=state == "up",
                path=ways.get(channel.get("Uniqueid", ""), "")[:1000],
                updated_at=now,
            )
        )
    with transaction.atomic():
        LiveCall.objects.filter(node_id=node_id).exclude(uniqueid__in=[row.uniqueid for row in rows]).delete()
        LiveCall.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["node", "uniqueid"],
            update_fields=[
                "client_id",
                "linkedid",
                "caller",
                "called",
                "connected",
                "state",
                "answered",
                "path",
                "updated_at",
            ],
        )


def clear(node_id: int) -> None:
    """Nobody looks any more."""
    LiveCall.objects.filter(node_id=node_id).delete()


def _dialled(channel: Mapping[str, str]) -> str:
    """What the caller dialled, if the present extension still is a number and not a label of the dialplan."""
    exten = channel.get("Exten", "")
    return exten if exten.lstrip("+").isdigit() else ""


def _known(number: str) -> str:
    return "" if number.startswith("<") else number
