"""«Система → Сертификаты → Перезапустить движок»: the one thing of the engine that a hand does (S248)."""

from ninja import Field, Router, Schema, Status

from ats.api.gate import ApiRequest, Gate
from ats.api.shapes import ERRORS
from ats.clients.access import Do
from ats.engine import restarting

router = Router(tags=["system"])


class RestartIn(Schema):
    """`calls`: how many calls the person was told would end (`calls_now` of the certificate)."""

    calls: int = Field(ge=0)


@router.post("/restart", response={204: None, **ERRORS}, auth=Gate(Do.SYSTEM))
def restart_engine(request: ApiRequest, payload: RestartIn) -> Status[None]:
    """Stop this node's engine and start it anew; refused (409) when more calls are in progress than were told."""
    restarting.restart(request.auth, payload.calls)
    return Status(204, None)
