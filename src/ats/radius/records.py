"""What an outside billing is told of a call: Start when it is let out, Interim-Update, and Stop at its end.

Pure but for `queue`, which stores a record in the caller's transaction.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from ats.radius.models import Record
from ats.radius.packets import INTERIM, START, STOP, Attributes

SECOND = 1_000_000
# Acct-Terminate-Cause
USER_REQUEST, LOST_SERVICE, SESSION_TIMEOUT, SERVICE_UNAVAILABLE = 1, 3, 5, 15
_STATUS = {Record.Kind.START: START, Record.Kind.INTERIM: INTERIM, Record.Kind.STOP: STOP}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Session:
    """A call as the outside billing knows it. `id`: Acct-Session-Id; `conference`: what is common to a call's parts."""

    id: str
    conference: str
    user_name: str
    caller: str
    called: str
    port: str
    setup_us: int
    classes: tuple[str, ...] = ()


def question(session: Session, nas_id: str) -> Attributes:
    """The attributes of an Access-Request."""
    return [*_common(session, nas_id), ("Service-Type", 1)]


def renewal(session: Session, nas_id: str, answered_us: int, talked_s: int) -> Attributes:
    """The attributes of an Access-Request in mid-call: of the same session, and how long it has talked."""
    return [
        *question(session, nas_id),
        ("h323-setup-time", moment(session.setup_us)),
        ("h323-connect-time", moment(answered_us)),
        ("Acct-Session-Time", talked_s),
        *((("Class", value)) for value in session.classes),
    ]


def start(session: Session, nas_id: str) -> Attributes:
    """The attributes of a Start."""
    return _record(Record.Kind.START, session, nas_id, session.setup_us)


def interim(session: Session, nas_id: str, answered_us: int, now_us: int) -> Attributes:
    """The attributes of an Interim-Update of a call that was answered."""
    return [
        *_record(Record.Kind.INTERIM, session, nas_id, now_us),
        ("Acct-Session-Time", max(now_us - answered_us, 0) // SECOND),
        ("h323-connect-time", moment(answered_us)),
    ]


def stop(
    session: Session,
    nas_id: str,
    *,
    answered_us: int | None,
    ended_us: int,
    talk_s: int,
    cause: int,
    terminate: int,
) -> Attributes:
    """The attributes of a Stop. `cause`: Q.850; `terminate`: Acct-Terminate-Cause."""
    connected = [("h323-connect-time", moment(answered_us))] if answered_us is not None else []
    return [
        *_record(Record.Kind.STOP, session, nas_id, ended_us),
        ("Acct-Session-Time", talk_s),
        *connected,
        ("h323-disconnect-time", moment(ended_us)),
        ("h323-disconnect-cause", f"{cause:x}"),
        ("Acct-Terminate-Cause", terminate),
    ]


def queue(profile_id: int, session: str, kind: Record.Kind, at_us: int, attributes: Attributes) -> None:
    """Store a record to be delivered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO radius_record (profile_id, session, kind, at_us, attributes, tries, next_try_us)"
            " VALUES (%s,%s,%s,%s,%s,0,0)",
            (profile_id, session, str(kind), at_us, json.dumps(attributes, ensure_ascii=False)),
        )


def conference(node: str, linkedid: str) -> str:
    """Cisco's form of an id: four groups of eight hexadecimal digits."""
    digest = hashlib.md5(f"{node}/{linkedid}".encode(), usedforsecurity=False).hexdigest().upper()
    return " ".join(digest[place : place + 8] for place in range(0, 32, 8))


def moment(us: int) -> str:
    """Cisco's form of a time: `12:00:00.000 UTC Mon Mar 2 2026`."""
    at = datetime.fromtimestamp(us // SECOND, UTC)
    milliseconds = us % SECOND // 1000
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{at:%H:%M:%S}.{milliseconds:03d} UTC {day} {month} {at.day} {at.year}"


def _common(session: Session, nas_id: str) -> Attributes:
    found: Attributes = [
        ("User-Name", session.user_name),
        ("NAS-Identifier", nas_id),
        ("Called-Station-Id", session.called),
        ("Acct-Session-Id", session.id),
        ("h323-conf-id", session.conference),
        ("h323-call-origin", "originate"),
        ("h323-call-type", "VoIP"),
    ]
    if session.caller:
        found.append(("Calling-Station-Id", session.caller))
    if session.port:
        found.append(("NAS-Port-Id", session.port))
    return found


def _record(kind: Record.Kind, session: Session, nas_id: str, at_us: int) -> Attributes:
    classes: Attributes = [("Class", value) for value in session.classes]
    return [
        ("Acct-Status-Type", _STATUS[kind]),
        *_common(session, nas_id),
        ("h323-setup-time", moment(session.setup_us)),
        ("Event-Timestamp", at_us // SECOND),
        *classes,
    ]
