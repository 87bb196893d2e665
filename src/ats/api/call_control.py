"""«Управление вызовами»: hanging up and transferring calls in progress (S218, S225, S232)."""

from typing import Any

from ninja import Field, Router, Schema, Status

from ats.api import live
from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS, Id
from ats.clients.access import Do
from ats.engine import call_actions
from ats.engine.models import CallCommand
from ats.engine.watching import watch
from ats.errors import Missing

router = Router(tags=["calls"])


class HangUpIn(Schema):
    """`id`: of a channel in «Активные вызовы»; its whole call ends."""

    id: str = Field(max_length=64)


class TransferIn(Schema):
    """`id`: the channel that goes to the internal number; whoever it talked with is let go."""

    id: str = Field(max_length=64)
    number_id: Id


class CommandOut(Schema):
    """`state`: new, done or failed (`error` in the engine's words)."""

    id: int
    state: str
    error: str


def _row(command: CallCommand) -> dict[str, Any]:
    return {"id": command.pk, "state": command.state, "error": command.error}


def _allowed(client_id: int) -> call_actions.Allowed:
    seen = live.channels(client_id, live.own_numbers())
    return lambda channel: seen.filter(pk=channel.pk).exists()


@router.post(
    "/{int:client_id}/calls/active/hangup",
    response={202: CommandOut, **ERRORS},
    auth=Gate(Do.CALLS_CONTROL),
)
def hang_up_call(request: ApiRequest, client_id: int, payload: HangUpIn) -> Status[dict[str, Any]]:
    """End a call in progress. The engine does it within a second; ask for the command's state."""
    watch(client_id)
    command = call_actions.hang_up(request.auth, client_id, payload.id, _allowed(client_id))
    return Status(202, _row(command))


@router.post(
    "/{int:client_id}/calls/active/transfer",
    response={202: CommandOut, **ERRORS},
    auth=Gate(Do.CALLS_CONTROL),
)
def transfer_call(request: ApiRequest, client_id: int, payload: TransferIn) -> Status[dict[str, Any]]:
    """Send one side of a call in progress to an internal number of the client."""
    watch(client_id)
    command = call_actions.transfer(
        request.auth, client_id, payload.id, payload.number_id, _allowed(client_id)
    )
    return Status(202, _row(command))


@router.get(
    "/{int:client_id}/calls/commands/{int:command_id}",
    response={200: CommandOut, **ERRORS},
    auth=Gate(Do.CALLS_CONTROL),
)
def get_call_command(request: ApiRequest, client_id: int, command_id: int) -> dict[str, Any]:
    """How far a command is."""
    command = CallCommand.objects.filter(client_id=client_id, pk=command_id).first()
    if command is None:
        raise Missing
    return _row(command)
