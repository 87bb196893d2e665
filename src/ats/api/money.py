"""A client's own money: its account, and why a call cost what it cost."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from ats.api.billing import AccountOut, ChargeOut
from ats.api.gate import ApiRequest, Gate
from ats.api.messages import text
from ats.api.shapes import ERRORS
from ats.billing import queries
from ats.billing.rating import money_text
from ats.billing.refusals import words
from ats.calls.models import Call
from ats.clients.access import Do
from ats.errors import Missing

router = Router(tags=["billing"])


class ClientMoney(Schema):
    """`state`: none (not billed), missing (no such account: paid calls are refused), ok."""

    code: str
    state: str
    account: AccountOut | None


class PriceLine(Schema):
    """A line of the explanation in the user's language."""

    code: str
    text: str
    amount: int


class RateOf(Schema):
    prefix: str
    title: str
    price: int


class ExplainedCharge(ChargeOut):
    account: str
    rate: RateOf
    lines: list[PriceLine]


class OutsidePart(Schema):
    """«Тарификация внешняя»: what an outside billing was asked, and what came of it.

    `refusal`: why it was not let out, in words; `reply`: the billing's own; `silent`: it did not answer; `waiting`:
    accounting records it has not acknowledged yet. `session`: its Acct-Session-Id. `renewed`: how often it
    granted more in mid-call; `no_more`: why not once more, in words, with the billing's own in `end_reply`.
    """

    session: str
    digits: str
    billing: str
    account: str
    asked_at: datetime
    allowed_s: int
    talk_s: int | None
    refusal: str
    reply: str
    silent: bool
    renewed: int
    no_more: str
    end_reply: str
    waiting: int


class Explanation(Schema):
    """The lines of all charges, less what was not covered, add up to `total`. What is `outside` has no price here."""

    total: int
    charges: list[ExplainedCharge]
    outside: list[OutsidePart]


@router.get("/{int:client_id}/money", response={200: ClientMoney, **ERRORS}, auth=Gate(Do.CLIENT_MONEY))
def get_client_money(request: ApiRequest, client_id: int) -> dict[str, Any]:
    """Balance, spent today, what is left."""
    return queries.client_money(client_id)


@router.get(
    "/{int:client_id}/calls/{int:call_id}/price",
    response={200: Explanation, **ERRORS},
    auth=Gate(Do.CALLS_VIEW),
)
def explain_price(request: ApiRequest, client_id: int, call_id: int) -> dict[str, Any]:
    """«Почему столько стоит»."""
    call = Call.objects.filter(pk=call_id).values("node", "linkedid").first()
    if call is None:
        raise Missing
    told = queries.explain(call["node"], call["linkedid"], client_id)
    for charge in told["charges"]:
        currency = charge["currency"]
        for line in charge["lines"]:
            params = {
                name: money_text(value, currency) if name == "price" else value
                for name, value in line.pop("params").items()
            }
            line["text"] = text(f"price_{line['code']}", request.auth.language, params)
    for part in told["outside"]:
        part["refusal"] = words(part.pop("code"), request.auth.language)
        part["no_more"] = words(part.pop("end_code"), request.auth.language)
    return told
