"""Orders about calls in progress: taken from the database, given to the engine, answered in the database."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ats.engine.ami import Ami, AmiError, Pairs
from ats.engine.models import ActiveVersion, CallCommand

EVERY_S = 0.3
FRESH = timedelta(seconds=10)
KEPT = timedelta(days=1)
CALLBACK_RING_MS = 60_000
_LEG = re.compile(r"\+?[0-9]{1,15}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Order:
    """One action for the engine."""

    id: int
    action: str
    pairs: Pairs


def take(node_id: int) -> list[Order]:
    """Fresh orders of this node, oldest first; those that waited too long are refused, not carried out late."""
    waiting = CallCommand.objects.filter(node_id=node_id, state=CallCommand.State.NEW)
    oldest = timezone.now() - FRESH
    late = waiting.filter(created_at__lt=oldest)
    late.update(state=CallCommand.State.FAILED, error="too late")
    return [_order(command) for command in waiting.select_related("node").order_by("pk")]


def finish(command_id: int, error: str) -> None:
    """Note how it ended; an empty `error` means well."""
    state = CallCommand.State.FAILED if error else CallCommand.State.DONE
    CallCommand.objects.filter(pk=command_id).update(state=state, error=error[:200])


def drop_old() -> None:
    """Forget orders of yesterday; the audit has them."""
    CallCommand.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


async def carry_out(ami: Ami, order: Order) -> str:
    """Give one order to the engine; returns its words when it refuses, else nothing."""
    try:
        await ami.action(order.action, *order.pairs)
    except AmiError as error:
        return str(error)
    return ""


def _order(command: CallCommand) -> Order:
    if command.kind == CallCommand.Kind.HANGUP:
        return Order(command.pk, "Hangup", (("Channel", command.channel), ("Cause", "16")))
    if command.kind == CallCommand.Kind.CALLBACK:
        return _callback(command)
    where = (
        ("Channel", command.channel),
        ("Context", f"c{command.client_id}.in"),
        ("Exten", str(command.number_id)),
        ("Priority", "1"),
    )
    return Order(command.pk, "Redirect", where)


def _callback(command: CallCommand) -> Order:
    """Both legs enter the client's present context behind `a`, where only its own numbers and ways out are; the first
    one by `j`, which takes a line of the client for the whole call."""
    version = ActiveVersion.objects.get(node_id=command.node_id, client_id=command.client_id).version
    context = f"c{command.client_id}.v{version}"
    own, other = command.channel_ids
    pairs: list[tuple[str, str]] = [
        ("Channel", f"Local/j{_digits(command.channel)}@{context}/n"),
        ("Context", context),
        ("Exten", f"a{_digits(command.target)}"),
        ("Priority", "1"),
        ("Account", str(command.client_id)),
        ("CallerID", _digits(command.target).lstrip("+")),
        ("ChannelId", own),
        ("OtherChannelId", other),
        ("Timeout", str(CALLBACK_RING_MS)),
        ("Async", "true"),
    ]
    if command.number_id is not None:
        pairs.append(("Variable", f"__ATSU={command.number_id}"))
    return Order(command.pk, "Originate", tuple(pairs))


def _digits(text: str) -> str:
    """What was checked when it was ordered, checked again before it goes to the engine."""
    if not _LEG.match(text):
        raise ValueError(f"not a number: {text!r}")
    return text
