"""Calls that an outside billing rates (RADIUS) instead of our tariffs.

They stand among the reservations, without an account and without money, so that the journal settles them like the
others: each gives a Start when it is let out and a Stop in the transaction that stores the call.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from ats.billing import counted, rating, renewals
from ats.billing.models import Reservation
from ats.billing.reservations import (
    LEASE_S,
    SECOND,
    Held,
    extend_at,
    held_where,
    load_rate,
    moment,
    talk_seconds,
)
from ats.numbering.directions import Direction
from ats.radius import queries, records
from ats.radius.asking import Terms
from ats.radius.models import Record
from ats.radius.packets import Accepted, Answer, Attributes, Rejected
from ats.radius.records import Session

_GAVE_UP = (16, 127)  # causes of an unanswered call whose caller hung up first


@dataclass(frozen=True, slots=True)
class Outside:
    """A call whose client is rated by the outside billing `profile_id`, as far as our own rules let it go.

    `limit_s`: what counted limits leave to it now; `longest_s`: it may never be given more than this. `rate`: our price
    of it, when a limit of money counts it (a reservation's text of it).
    """

    direction: Direction
    profile_id: int
    user_name: str
    limit_s: int
    longest_s: int
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended: its talk, if anybody answered. `cause`: Q.850; `lost`: the engine died during it."""

    answered_us: int | None
    ended_us: int
    cause: int
    lost: bool


def session_of(key: str, node: str, linkedid: str, user_name: str, caller: str, called: str, port: str,
               asked_us: int) -> Session:  # fmt: skip
    """The session of a question, before it is answered."""
    conference = records.conference(node, linkedid)
    return Session(key, conference, user_name, caller, called, port, asked_us)


@transaction.atomic
def admit(
    session: Session,
    outside: Outside,
    answer: Answer | None,
    *,
    node: str,
    linkedid: str,
    client_id: int,
) -> int | str:
    """Note what the billing said (None: nothing) and queue the Start; the seconds allowed, or a refusal's code.

    A refusal is noted, too, so that the card of the call can tell the billing's own words.
    """
    terms = queries.terms(outside.profile_id)
    told: dict[str, Any] = {"caller": session.caller, "port": session.port, "user_name": session.user_name}
    code, most = "", 0
    if isinstance(answer, Accepted):
        most = min(outside.longest_s, answer.seconds) if answer.seconds is not None else outside.longest_s
        told |= {"classes": list(answer.classes), **renewals.begun(terms, answer.seconds, outside.longest_s)}
        session = replace(session, classes=answer.classes)
    elif isinstance(answer, Rejected):
        code, told["reply"] = answer.code, answer.text
    elif terms.silent_s:
        most, told["silent"] = min(outside.longest_s, terms.silent_s), True
    else:
        code, told["silent"] = "radius_silent", True
    if code:
        told["code"] = code
    allowed = min(outside.limit_s, most)
    look = None if code else _next_look(terms, told, session.setup_us, session.setup_us, allowed, most)
    held = Held(
        id=0, key=session.id, account_id=None, node=node, linkedid=linkedid, client_id=client_id,
        digits=session.called, direction=outside.direction, rate=outside.rate, currency="", day=0,
        amount=0, allowed_s=allowed, limit_s=most, state="refused" if code else "open", asked_us=session.setup_us,
        answered_us=None, extend_us=look, leg="",
        radius_id=outside.profile_id, outside=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip
    _insert(held)
    if code:
        return code
    records.queue(
        terms.id, session.id, Record.Kind.START, session.setup_us, records.start(session, terms.nas_id)
    )
    return allowed


@transaction.atomic
def goes_on(held: Held, answered_us: int, now_us: int) -> int:
    """Give a call that goes on another share of its counted limits when it needs one, within what was granted.

    An Interim-Update is queued, unless it has ended or something of it still waits. Returns the seconds it may last.
    """
    assert held.radius_id is not None
    terms = queries.terms(held.radius_id)
    allowed, most = held.allowed_s, held.limit_s
    needed_us = extend_at(answered_us, allowed, most)
    if needed_us is not None and now_us >= needed_us:
        allowed = _share(held, now_us)
        if allowed == held.allowed_s:
            most = allowed  # nothing is left: it ends there
    changed = Reservation.objects.filter(pk=held.id, state="open").update(
        answered_us=answered_us,
        allowed_s=allowed,
        extend_us=_next_look(terms, json.loads(held.outside), now_us, answered_us, allowed, most),
        lease_us=answered_us + (allowed + LEASE_S) * SECOND,
    )
    if not changed:
        return held.allowed_s
    if terms.interim_s and not Record.objects.filter(session=held.key).exists():
        told = records.interim(_session(held), terms.nas_id, answered_us, now_us)
        records.queue(terms.id, held.key, Record.Kind.INTERIM, now_us, told)
    return allowed


def to_renew(held_id: int, answered_us: int, now_us: int) -> tuple[Terms, Attributes, int] | None:
    """What to ask the billing about a call that has nearly used up its credit, and the seconds it has talked."""
    [held] = held_where("id=%s", (held_id,))
    due_us = renewals.due_us(json.loads(held.outside), held.limit_s, answered_us)
    if held.state != "open" or held.radius_id is None or due_us is None or now_us < due_us:
        return None
    terms = queries.terms(held.radius_id)
    talked_s = max(now_us - answered_us, 0) // SECOND
    return terms, records.renewal(_session(held), terms.nas_id, answered_us, talked_s), talked_s


@transaction.atomic
def renewed(held_id: int, answer: Answer | None, talked_s: int, answered_us: int, now_us: int) -> int:
    """Note what the billing said of a call that goes on (None: nothing); the seconds it may last in all."""
    Reservation.objects.select_for_update().filter(pk=held_id).first()
    [held] = held_where("id=%s", (held_id,))
    told = json.loads(held.outside)
    most = renewals.note(told, answer, held.limit_s, talked_s)
    allowed = held.allowed_s
    if held.state != "open" or held.radius_id is None:
        return allowed
    terms = queries.terms(held.radius_id)
    if most > allowed:
        allowed = _share(replace(held, limit_s=most), now_us)
    Reservation.objects.filter(pk=held_id, state="open").update(
        outside=json.dumps(told, ensure_ascii=False),
        limit_s=most,
        allowed_s=allowed,
        extend_us=_next_look(terms, told, now_us, answered_us, allowed, most),
        lease_us=answered_us + (allowed + LEASE_S) * SECOND,
    )
    return allowed


def end(held: Held, ending: Ending) -> int:
    """Settle a call in the caller's transaction and queue its Stop. Of one that is over nothing is told again.

    Returns what limits of money are to count for it.
    """
    assert held.radius_id is not None
    if held.state != "open":
        return 0
    talk = None
    if ending.answered_us is not None:
        talk = talk_seconds(ending.answered_us, ending.ended_us, held.allowed_s)
    told = {**json.loads(held.outside), "talk_s": talk}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_reservation SET state='settled', extend_us=NULL, answered_us=%s, outside=%s"
            " WHERE id=%s AND state='open'",
            (ending.answered_us, json.dumps(told, ensure_ascii=False), held.id),
        )
        if not cursor.rowcount:
            return 0
    terms = queries.terms(held.radius_id)
    attributes = records.stop(
        _session(held),
        terms.nas_id,
        answered_us=ending.answered_us,
        ended_us=ending.ended_us,
        talk_s=talk or 0,
        cause=ending.cause,
        terminate=_terminate(ending, talk, held.allowed_s),
    )
    records.queue(terms.id, held.key, Record.Kind.STOP, ending.ended_us, attributes)
    return rating.cost(load_rate(held.rate), talk).total if held.rate else 0


def end_unasked(  # a talk that went out while the authoriser was silent
    profile_id: int, user_name: str, direction: str, call: tuple[str, str, int], leg: tuple[str, str, int],
    ending: Ending,
) -> None:  # fmt: skip
    """Start and Stop of a talk nobody asked for. `call`: node, linkedid, client; `leg`: unique id, digits, start."""
    node, linkedid, client_id = call
    uniqueid, digits, started_us = leg
    key = f"{node}/{uniqueid}/unasked"[:100]
    if Reservation.objects.filter(key=key).exists():
        return
    terms = queries.terms(profile_id)
    talk = talk_seconds(ending.answered_us or ending.ended_us, ending.ended_us)
    session = session_of(key, node, linkedid, user_name, "", digits, "", started_us)
    told = {"caller": "", "port": "", "user_name": user_name, "silent": True}
    held = Held(
        id=0, key=key, account_id=None, node=node, linkedid=linkedid, client_id=client_id, digits=digits,
        direction=direction, rate="", currency="", day=0, amount=0, allowed_s=talk, limit_s=talk, state="open",
        asked_us=started_us, answered_us=None, extend_us=None, leg="", radius_id=profile_id,
        outside=json.dumps(told),
    )  # fmt: skip
    _insert(held)
    records.queue(profile_id, key, Record.Kind.START, started_us, records.start(session, terms.nas_id))
    stored = Reservation.objects.only("pk").get(key=key)
    end(replace(held, id=stored.pk), ending)


def give_up(held: Sequence[Held], now_us: int) -> None:
    """Calls whose end will never be in a journal: told as lost, in the caller's transaction."""
    for one in held:
        end(one, Ending(None, now_us, 38, lost=True))


def parts(node: str, linkedid: str, client_id: int) -> list[dict[str, Any]]:
    """What an outside billing was asked about a call of this client, and what came of it, as the API shows it.

    `code`: of a refusal; `reply`: the billing's own words; `silent`: it did not answer; `waiting`: accounting records
    it has not acknowledged yet. `renewed`: how often it granted more in mid-call; `end_code`, `end_reply`: why no more.
    """
    found = Reservation.objects.filter(
        node=node, linkedid=linkedid, client_id=client_id, radius__isnull=False
    ).select_related("radius")
    rows = []
    for one in found.order_by("pk"):
        told = json.loads(one.outside)
        rows.append(
            {
                "session": one.key,
                "digits": one.digits,
                "billing": one.radius.name if one.radius else "",
                "account": told["user_name"],
                "asked_at": moment(one.asked_us),
                "allowed_s": one.allowed_s,
                "talk_s": told.get("talk_s"),
                "code": told.get("code", ""),
                "reply": told.get("reply", ""),
                "silent": told.get("silent", False),
                "renewed": told.get("renewed", 0),
                "end_code": told.get("end_code", ""),
                "end_reply": told.get("end_reply", ""),
                "waiting": Record.objects.filter(session=one.key).count(),
            }
        )
    return rows


def _session(held: Held) -> Session:
    told = json.loads(held.outside)
    return Session(
        id=held.key,
        conference=records.conference(held.node, held.linkedid),
        user_name=told["user_name"],
        caller=told["caller"],
        called=held.digits,
        port=told["port"],
        setup_us=held.asked_us,
        classes=tuple(told.get("classes", ())),
    )


def _share(held: Held, now_us: int) -> int:
    """The seconds it may last in all: what was granted, as far as counted limits leave something."""
    rate = load_rate(held.rate) if held.rate else None
    left = counted.more(held.key, held.client_id, rate, held.limit_s, now_us)
    return held.limit_s if left is None else max(held.allowed_s, min(left, held.limit_s))


def _next_look(  # whichever is first
    terms: Terms, told: dict[str, Any], from_us: int, answered_us: int, allowed_s: int, limit_s: int
) -> int | None:
    """When to tell of it, to see whether it needs more of our limits, or to ask the billing for more."""
    moments = [from_us + terms.interim_s * SECOND] if terms.interim_s else []
    if (later := extend_at(answered_us, allowed_s, limit_s)) is not None:
        moments.append(later)
    if (due_us := renewals.due_us(told, limit_s, answered_us)) is not None:
        moments.append(max(due_us, from_us + renewals.AGAIN_S * SECOND))
    return min(moments, default=None)


def _terminate(ending: Ending, talk: int | None, allowed_s: int) -> int:
    if ending.lost:
        return records.LOST_SERVICE
    if talk is None:
        return records.USER_REQUEST if ending.cause in _GAVE_UP else records.SERVICE_UNAVAILABLE
    return records.SESSION_TIMEOUT if talk >= allowed_s else records.USER_REQUEST


def _insert(held: Held) -> None:
    """Store a question. `held.id` is not looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_reservation (key, account_id, node, linkedid, client_id, digits, direction,"
            " rate, currency, day, amount, allowed_s, limit_s, state, asked_us, answered_us, extend_us, lease_us,"
            " leg, radius_id, outside)"
            " VALUES (%s,NULL,%s,%s,%s,%s,%s,%s,'',0,0,%s,%s,%s,%s,NULL,%s,%s,'',%s,%s)",
            (
                held.key, held.node, held.linkedid, held.client_id, held.digits, str(held.direction),
                held.rate, held.allowed_s, held.limit_s, held.state, held.asked_us, held.extend_us,
                held.asked_us + (held.allowed_s + LEASE_S) * SECOND, held.radius_id, held.outside,
            ),
        )  # fmt: skip
