"""The dialplan of one client as plain values: what the compiler and the simulator both read.

No Django here: `numbering.queries` turns rows into these. Semantics: manual S87-S113, docs/architecture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ats.dialplan.extras import Extras
from ats.dialplan.limitplan import Limits, PlanLimits
from ats.dialplan.mailboxplan import MailboxPlan
from ats.dialplan.menuplan import MenuPlan
from ats.dialplan.talk import PortPlan


class Outcome(StrEnum):
    """How a step (or a whole number) ended; the value is the letter used in path tokens."""

    FORWARD = "f"
    ANSWERED = "a"
    NO_ANSWER = "n"
    BUSY = "b"
    NO_ROUTE = "r"
    FOUND = "y"  # a classifier knows the caller (S173)
    NOT_FOUND = "x"


class Holidays(StrEnum):
    """Whether a step looks at the client's holidays; values as stored in `numbering.Step`."""

    ANY = "any"
    ONLY = "only"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a step applies. `days`: bits, Monday = 1; window [from, to) in minutes, from > to crosses midnight
    and then belongs to the day it starts on; dates inclusive. The default is always (S96)."""

    days: int = 127
    time_from: int = 0
    time_to: int = 1440
    date_from: date | None = None
    date_to: date | None = None
    holidays: Holidays = Holidays.ANY


@dataclass(frozen=True, slots=True)
class DialPort:
    """Ring a port; an inactive one is «Нет маршрута» at once. `kind`: sip | iax2 (H.323 has trunks only)."""

    port_id: int
    endpoint: str
    is_active: bool = True
    kind: str = "sip"
    extras: Extras = Extras()
    keys: bool = True  # sound goes through the server, so codes keyed in a talk are heard
    pickup_group_id: int | None = None
    number: str = ""  # the internal number that other telephones see


@dataclass(frozen=True, slots=True)
class DialForwarding:
    """Ring a number outside (S146); the client that does so pays. `digits`: E.164; `language` "": the call's own."""

    forwarding_id: int
    digits: str
    extras: Extras = Extras()
    language: str = ""


@dataclass(frozen=True, slots=True)
class RingAll:
    """Ring several ports and forwarding numbers at once; the first to answer talks."""

    members: tuple[DialPort | DialForwarding, ...]


@dataclass(frozen=True, slots=True)
class EnterQueue:
    """Wait in a queue of the client (S115-S128). `agents`: how many it has; `language` "": the client's; `marks`: some
    agent's own port or forwarding number is recorded; `keys`: some transfers by codes; `unknown`: those of the agents
    whose ДВО the engine cannot be asked for (`mark_members`)."""

    queue_id: int
    extras: Extras = Extras()
    strategy: str = "ringall"
    language: str = ""
    pickup_group_id: int | None = None
    agents: int = 0
    marks: bool = False
    keys: bool = False
    unknown: tuple[DialPort | DialForwarding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnterMenu:
    """Hear a voice menu (S148-S159)."""

    menu_id: int
    extras: Extras = Extras()


@dataclass(frozen=True, slots=True)
class Classify:
    """Look the caller up in a classifier: FOUND or NOT_FOUND (S173).

    `masks`: how many leading digits the classifier's masks name (`7916*`: 4), the longest first.
    """

    classifier_id: int
    masks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """Record a message for a voicemail box (S163)."""

    mailbox_id: int


@dataclass(frozen=True, slots=True)
class ReceiveFax:
    """`Service/FAXRECEIVER` (S161)."""


@dataclass(frozen=True, slots=True)
class JoinConference:
    """Enter a conference room. `record`: everybody in it, as one recording (S185)."""

    conference_id: int
    pin: str = ""
    language: str = ""
    max_members: int = 0
    record: bool = False


@dataclass(frozen=True, slots=True)
class AskPin:
    """Who calls proves by PIN which user he is, and dials on under that one's rights (S234)."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """End the call, call the caller back and lead him to a number of the client."""

    number_id: int


@dataclass(frozen=True, slots=True)
class PlaySound:
    """Answer and play $ATS_HOME/media/<client>/<sound>.wav."""

    sound_id: int


@dataclass(frozen=True, slots=True)
class GoNumber:
    """Hand the call to another internal number of the same client; its outcome is this step's outcome."""

    number_id: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call at once with a Q.850 cause."""

    cause: int = 16


Action = (
    DialPort
    | DialForwarding
    | RingAll
    | EnterQueue
    | EnterMenu
    | PlaySound
    | Classify
    | LeaveMessage
    | ReceiveFax
    | JoinConference
    | AskPin
    | CallBack
    | GoNumber
    | HangUp
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Targets are level numbers; a missing key means «not set» (the call ends)."""

    id: int
    level: int
    action: Action
    calendar: Calendar = Calendar()
    timeout_s: int | None = None
    targets: Mapping[Outcome, int] = field(default_factory=dict)
    extras: Extras | None = None  # ДВО of this step; None: those of what it leads to
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number with its steps in order of creation. `external` numbers are reachable from the city; `owner_id`: the
    user it belongs to."""

    id: int
    digits: str
    external: bool
    time_zone: str
    steps: tuple[Step, ...]
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """Everything the compiler needs of one client. `ports`: those whose own calls need more than the common context;
    `language`: of the client, `system_language`: that calls from operators come with.

    `asks`: calls outside must ask the authoriser. `when_down`: E.164 patterns that may go out without it.
    """

    client_id: int
    version: int
    area_code: str
    numbers: tuple[NumberPlan, ...]
    # Telephones outside that are users' (E.164 digits, user id), and whether anybody calls from elsewhere at all.
    known_callers: tuple[tuple[str, int], ...] = ()
    remote: bool = False
    holidays: tuple[date, ...] = ()
    menus: tuple[MenuPlan, ...] = ()
    mailboxes: tuple[MailboxPlan, ...] = ()
    time_zone: str = "Europe/Moscow"  # of the client: what a telephone says about times
    ports: tuple[PortPlan, ...] = ()
    language: str = "ru"
    system_language: str = "ru"
    asks: bool = False
    when_down: tuple[str, ...] = ()
    limits: PlanLimits = PlanLimits()
    trunk_groups: bool = False  # some line of the client belongs to a pickup group (S181)


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """A trunk in a route; `number_format` is e164 | plus | national (ports.Port.NumberFormat)."""

    port_id: int
    endpoint: str
    number_format: str
    kind: str = "sip"


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """E.164 prefix ("" = all) → trunks tried in order."""

    prefix: str
    trunks: tuple[TrunkPlan, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One engine priority. `exten` may be a pattern (`_X!`)."""

    context: str
    exten: str
    priority: int
    app: str
    data: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """`lines`: the versioned contexts; `pointers`: lines whose replacement is the flip, pushed last."""

    version: int
    lines: tuple[Line, ...]
    pointers: tuple[Line, ...]
    hints: tuple[str, ...] = ()  # telephones (`PJSIP/170001`) whose state is watched, see `engine.queuerows`
    dids: tuple[str, ...] = ()  # external numbers; each has a line in context `did` among the pointers
