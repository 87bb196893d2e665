"""Orders about calls in progress: taken from the database, given to the engine, answered in the database."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ats.engine.ami import Ami, AmiError, Pairs
from ats.engine.models import CallCommand

EVERY_S = 0.3
FRESH = timedelta(seconds=10)
KEPT = timedelta(days=1)


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
    return [_order(command) for command in waiting.order_by("pk")]


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
    where = (
        ("Channel", command.channel),
        ("Context", f"c{command.client_id}.in"),
        ("Exten", str(command.number_id)),
        ("Priority", "1"),
    )
    return Order(command.pk, "Redirect", where)
