"""The fraud guard at work: looks at calls as they begin and at new rows of call detail, and locks ports.

A chore of the worker, which has the calls in progress in its memory: billed or not, they are seen as soon as an
operator is asked for them. It keeps nothing that matters: after a restart it looks at the last rows once more.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from ats.calls.inprogress import InProgress, OpenCalls, Outgoing
from ats.calls.models import Call
from ats.calls.portids import PortIds
from ats.clients.models import Client, User
from ats.clients.rights import Right
from ats.dialplan.directions import Direction
from ats.limits import fraud, fraud_actions
from ats.limits.fraud import Seen, Signal, Thresholds
from ats.limits.models import CountedCall, FraudCase
from ats.mail.actions import post
from ats.numbering.directions import classify
from ats.ports.models import Port

log = logging.getLogger(__name__)

EVERY_S = 1.0
BACK = 5000  # rows looked at again after a restart
BATCH = 20_000
KNOWN_FOR = timedelta(days=90)
KNOWN_AFTER = timedelta(days=1)  # a country is no longer new the day after
_OUT = Call.Direction.OUT


class Watch:
    """Looks at what came since the last time. `open_calls`: what the worker has read of calls in progress."""

    def __init__(self, open_calls: Callable[[], OpenCalls] = tuple) -> None:
        self._open_calls = open_calls
        self._in_progress = InProgress()
        self._ports = PortIds()
        self._last_id: int | None = None
        self._last_held_id = 0

    def look(self) -> int:
        """Look at the ports with new calls; returns how many were locked."""
        rules = fraud_actions.settings()
        now = timezone.now()
        going, begun = self._in_progress.look(self._open_calls())
        ports = self._ports.of({call.endpoint for call in going}) if going else {}
        with scopes_disabled():
            if self._last_id is None:
                self._last_id = max((Call.objects.aggregate(last=Max("pk"))["last"] or 0) - BACK, 0)
            new = list(
                Call.objects.filter(pk__gt=self._last_id)
                .order_by("pk")
                .values_list("pk", "client_id", "caller_port_id", "direction", "started_at")[:BATCH]
            )
            busy = {
                (client_id, port_id)
                for _, client_id, port_id, direction, started in new
                if port_id is not None and direction == _OUT and started > now - fraud.OVER
            }
            held = list(
                CountedCall.objects.filter(
                    pk__gt=self._last_held_id, is_open=True, started_at__gt=now - fraud.OVER
                )
                .order_by("pk")
                .values_list("pk", "client_id", "port_id")
            )
            busy |= {(client_id, port_id) for _, client_id, port_id in held if port_id is not None}
        busy |= {(call.client_id, ports[call.endpoint]) for call in begun if call.endpoint in ports}
        if new:
            self._last_id = new[-1][0]
        if held:
            self._last_held_id = held[-1][0]
        if not rules.enabled:
            return 0
        by_port: dict[int, list[Outgoing]] = {}
        for call in going if busy else ():
            by_port.setdefault(ports.get(call.endpoint, 0), []).append(call)
        return sum(
            _judge(client_id, port_id, by_port.get(port_id, ()), now, rules)
            for client_id, port_id in sorted(busy)
        )


def _judge(client_id: int, port_id: int, going: Sequence[Outgoing], now: datetime, rules: Thresholds) -> bool:
    """Lock a port whose signals add up; says whether it did."""
    with scope(client=client_id):
        port = Port.objects.filter(pk=port_id).first()
        client = Client.objects.filter(pk=client_id).first()
        if port is None or client is None:
            return False
        last = FraudCase.objects.filter(port=port).order_by("-at").first()
        if last is not None and last.unlocked_at is None:
            return False
        since = max(now - fraud.OVER, last.unlocked_at if last and last.unlocked_at else now - fraud.OVER)
        calls = _calls(port, since, going)
        known = _known_countries(client_id, now) if any(call.country for call in calls) else frozenset()
        found = fraud.signals(calls, known, now, client.time_zone, rules)
        if sum(signal.points for signal in found) < rules.lock_at:
            return False
        with transaction.atomic():
            case = fraud_actions.lock_port(client_id, port_id, found, now)
            if case is None:
                return False
            _tell(client, port, case, found)
    log.warning("port %s of client %s is locked: %s points", port_id, client_id, case.score)
    return True


def _calls(port: Port, since: datetime, going: Sequence[Outgoing]) -> list[Seen]:
    """What the port called outside the exchange: calls that ended, and those in progress."""
    ended = Call.objects.filter(caller_port_id=port.pk, direction=_OUT, started_at__gte=since)
    found = {
        linkedid: Seen(started, digits, _country(digits), cost or 0)
        for linkedid, started, path, cost in ended.values_list("linkedid", "started_at", "path", "cost")
        if (digits := _called(path))
    }
    held = CountedCall.objects.filter(port_id=port.pk, is_open=True, started_at__gte=since)
    for linkedid, started, digits in held.values_list("linkedid", "started_at", "digits"):
        found.setdefault(linkedid, Seen(started, digits, _country(digits)))
    for call in going:
        if call.started_at >= since:
            found.setdefault(call.linkedid, Seen(call.started_at, call.digits, _country(call.digits)))
    return list(found.values())


def _known_countries(client_id: int, now: datetime) -> frozenset[str]:
    """Countries the client has called before today."""
    paths = Call.objects.filter(
        client_id=client_id,
        direction=_OUT,
        destination=Direction.INTERNATIONAL,
        started_at__gte=now - KNOWN_FOR,
        started_at__lt=now - KNOWN_AFTER,
    ).values_list("path", flat=True)[:BATCH]
    return frozenset(_country(digits) for digits in {_called(path) for path in paths} if digits)


def _called(path: str) -> str:
    """The number outside that was really tried; nothing when no other operator was asked for it."""
    digits = ""
    for word in path.split(" "):
        if ">" in word:
            digits = word.partition(">")[2]
        elif word[:1] == "t" and word[1:].isdigit() and digits:
            return digits
    return ""


def _country(digits: str) -> str:
    """Empty at home; a code that is no country's counts as one of its own."""
    where = classify(digits) if digits else None
    if where is None:
        return ""  # it rings, and how it was dialled does not tell where
    return (where.country or "??") if where.direction is Direction.INTERNATIONAL else ""


_LETTER = {
    "ru": (
        "Порт «{port}» заблокирован: похоже на мошенничество",
        "Здравствуйте!\n\nПорт «{port}» клиента «{client}» больше не может звонить наружу (кроме экстренных "
        "служб): его вызовы похожи на мошенничество.\n\n{signals}\n\nСмените пароль порта, проверьте телефон и "
        "разблокируйте порт в кабинете: Порты VoIP → порт → Ограничения.\nОстальные порты работают как прежде.\n",
    ),
    "en": (
        "Port “{port}” is locked: its calls look like fraud",
        "Hello,\n\nPort “{port}” of client “{client}” can no longer call outside (emergency services excepted): "
        "its calls look like fraud.\n\n{signals}\n\nChange the port's password, check the telephone and unlock the "
        "port in the cabinet: VoIP ports → port → Limits.\nAll other ports work as before.\n",
    ),
}
_SIGNALS = {
    "velocity": ("вызовов за 10 минут: {count}", "calls within 10 minutes: {count}"),
    "destinations": (
        "разных зарубежных номеров за час: {count}",
        "different numbers abroad within an hour: {count}",
    ),
    "new_country": (
        "страна, куда раньше не звонили: {detail}, вызовов: {count}",
        "a country never called before: {detail}, calls: {count}",
    ),
    "night": ("зарубежных вызовов ночью: {count}", "calls abroad at night: {count}"),
    "spend": ("расходы за час: {money}", "spent within an hour: {money}"),
}


def _tell(client: Client, port: Port, case: FraudCase, found: Iterable[Signal]) -> None:
    """A letter to each administrator of the client who has an address."""
    keepers = {Right.CHANGE_USERS.value, Right.CHANGE_CLIENTS.value}
    for user in User.objects.filter(is_active=True).exclude(email=""):
        if not keepers & set(user.rights):
            continue
        language = user.language if user.language in _LETTER else "ru"
        subject, body = _LETTER[language]
        lines = [
            "– "
            + _SIGNALS[signal.code][language == "en"].format(
                count=signal.count, detail=signal.detail, money=f"{signal.count / 10_000:.2f}"
            )
            for signal in found
        ]
        names = {"port": port.name, "client": client.name, "signals": "\n".join(lines)}
        post(
            f"fraud:{case.pk}:{user.pk}",
            user.email,
            subject.format(**names),
            body.format(**names),
            client_id=client.pk,
        )
