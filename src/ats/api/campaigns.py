"""«Телемаркетинг» (S197-S208)."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api.codewords import CALLED_STATE, CAMPAIGN_STATUS
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.shapes import ERRORS, Named
from ats.campaigns import actions, queries
from ats.campaigns.models import Called, Campaign
from ats.clients.access import Do

router = Router(tags=["campaigns"])


class CampaignOut(Schema):
    """`total` telephones are on the list since it was started, `done` of them were called, `answered` have answered.

    `reason`: why the exchange itself stopped it; empty when somebody did.
    """

    id: int
    name: str
    description: str
    number_id: int
    number: str
    classifiers: list[Named]
    status: Campaign.Status
    reason: Campaign.Stopped | Literal[""]
    total: int
    done: int
    answered: int
    started_at: datetime | None
    finished_at: datetime | None
    created_at: datetime


class CampaignIn(Schema):
    """`number_id`: the internal number whose dialplan goes on when somebody answers, «Номер обработки»."""

    name: str
    number_id: int
    description: str = ""
    classifier_ids: list[int] = []


class CampaignPatch(Schema):
    """Only the fields sent are changed."""

    name: str = ""
    number_id: int = 0
    description: str = ""
    classifier_ids: list[int] = []


class CampaignStatusIn(Schema):
    """active | blocked."""

    status: str


class CalledOut(Schema):
    """One telephone of a campaign; `error`: the engine's words when it refused."""

    id: int
    name: str
    display: str
    state: Called.State
    error: str
    called_at: datetime | None
    talk_ms: int


class CalledPage(FilePage):
    state: str = ""


_TITLES = {
    "name": ("Название", "Name"),
    "description": ("Описание", "Description"),
    "number": ("Номер обработки", "Handling number"),
    "status": ("Статус", "Status"),
    "done": ("Обзвонено", "Called"),
    "answered": ("Ответили", "Answered"),
    "total": ("Всего", "In all"),
}
_SORTS = {
    "id": "id",
    "name": "name",
    "number": "number__digits",
    "status": "status",
    "created_at": "created_at",
}
_CALLED_TITLES = {
    "name": ("Название", "Name"),
    "display": ("Номер", "Number"),
    "state": ("Результат", "Result"),
    "called_at": ("Звонили", "Called at"),
}
_CALLED_SORTS = {"id": "id", "name": "name", "display": "clip", "called_at": "called_at", "state": "state"}


@router.get(
    "/{int:client_id}/campaigns", response={200: Listed[CampaignOut], **ERRORS}, auth=Gate(Do.TELEMARKETING)
)
def list_campaigns(
    request: ApiRequest, client_id: int, page: Query[FilePage]
) -> dict[str, Any] | HttpResponseBase:
    """Campaigns of the client."""
    return listing(
        request,
        page,
        queries.campaigns(),
        lambda found: [queries.campaign_row(row) for row in found],
        name="campaigns",
        titles=_TITLES,
        words={"status": CAMPAIGN_STATUS},
        search=("name", "description"),
        sorts=_SORTS,
        default="name",
    )


@router.post("/{int:client_id}/campaigns", response={201: CampaignOut, **ERRORS}, auth=Gate(Do.TELEMARKETING))
def create_campaign(request: ApiRequest, client_id: int, payload: CampaignIn) -> Status[dict[str, Any]]:
    """Add a campaign; it calls nobody before it is started."""
    made = actions.create_campaign(request.auth, client_id, payload.model_dump())
    return Status(201, queries.campaign_row(queries.campaign(made.pk)))


@router.get(
    "/{int:client_id}/campaigns/{int:campaign_id}",
    response={200: CampaignOut, **ERRORS},
    auth=Gate(Do.TELEMARKETING),
)
def get_campaign(request: ApiRequest, client_id: int, campaign_id: int) -> dict[str, Any]:
    """One campaign."""
    return queries.campaign_row(queries.campaign(campaign_id))


@router.patch(
    "/{int:client_id}/campaigns/{int:campaign_id}",
    response={200: CampaignOut, **ERRORS},
    auth=Gate(Do.TELEMARKETING),
)
def update_campaign(
    request: ApiRequest, client_id: int, campaign_id: int, payload: CampaignPatch
) -> dict[str, Any]:
    """Change a campaign; a running one follows from the next call on."""
    actions.update_campaign(request.auth, campaign_id, payload.model_dump(exclude_unset=True))
    return queries.campaign_row(queries.campaign(campaign_id))


@router.put(
    "/{int:client_id}/campaigns/{int:campaign_id}/status",
    response={200: CampaignOut, **ERRORS},
    auth=Gate(Do.TELEMARKETING),
)
def set_campaign_status(
    request: ApiRequest, client_id: int, campaign_id: int, payload: CampaignStatusIn
) -> dict[str, Any]:
    """Start a campaign or stop it; a finished one that is started again calls those who have not answered."""
    actions.set_status(request.auth, campaign_id, payload.status)
    return queries.campaign_row(queries.campaign(campaign_id))


@router.delete(
    "/{int:client_id}/campaigns/{int:campaign_id}",
    response={204: None, **ERRORS},
    auth=Gate(Do.TELEMARKETING),
)
def delete_campaign(request: ApiRequest, client_id: int, campaign_id: int) -> Status[None]:
    """Delete a campaign that does not run; its calls stay in call detail."""
    actions.delete_campaign(request.auth, campaign_id)
    return Status(204, None)


@router.get(
    "/{int:client_id}/campaigns/{int:campaign_id}/called",
    response={200: Listed[CalledOut], **ERRORS},
    auth=Gate(Do.TELEMARKETING),
)
def list_called(
    request: ApiRequest, client_id: int, campaign_id: int, page: Query[CalledPage]
) -> dict[str, Any] | HttpResponseBase:
    """Whom a campaign calls, with what became of it."""
    return listing(
        request,
        page,
        chosen(queries.called(campaign_id), state=page.state),
        lambda found: [queries.called_row(row) for row in found],
        name="called",
        titles=_CALLED_TITLES,
        words={"state": CALLED_STATE},
        search=("name", "clip"),
        sorts=_CALLED_SORTS,
        default="id",
    )
