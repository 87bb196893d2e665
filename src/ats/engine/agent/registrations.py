"""Which devices are registered and which trunks have registered with their operators, as rows for people."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from ats.config import Config
from ats.engine.agent import files
from ats.engine.agent.database import Database
from ats.engine.ami import Message
from ats.engine.models import Registration
from ats.engine.trunks import client_uri
from ats.ports.models import Port
from ats.ports.queries import endpoints_of

log = logging.getLogger(__name__)

SETTLE_S = 1.2  # the engine writes its contact file within a second of the event
GONE = ("Removed",)


@dataclass(frozen=True, slots=True)
class Seen:
    """Last word of the engine about one contact."""

    status: str
    rtt_ms: int | None


@dataclass(frozen=True, slots=True)
class TrunkState:
    """Last word of the engine about a trunk's own registration."""

    client_uri: str
    status: str


class Registrations:
    """Collects events (cheap, in the event loop) and writes rows in batches once a second."""

    def __init__(self, config: Config, node_id: int, database: Database) -> None:
        self._config = config
        self._node_id = node_id
        self._database = database
        self._dirty: set[str] = set()
        self._seen: dict[str, dict[str, Seen]] = defaultdict(dict)
        self._trunks: dict[str, TrunkState] = {}
        self._wake = asyncio.Event()
        self._all = True

    def on_event(self, message: Message) -> None:
        """ContactStatus and Registry events of the engine."""
        match message.get("Event"):
            case "ContactStatus":
                aor, uri = message.get("AOR", ""), message.get("URI", "")
                rtt = message.get("RoundtripUsec", "")
                status = message.get("ContactStatus", "")
                if status in GONE:
                    self._seen[aor].pop(uri, None)
                else:
                    self._seen[aor][uri] = Seen(status, int(rtt) // 1000 if rtt.isdigit() else None)
                self._dirty.add(aor)
            case "Registry":
                user = message.get("Username", "")
                self._trunks[user] = TrunkState(user, message.get("Status", ""))
            case _:
                return
        self._wake.set()

    def resync(self) -> None:
        """The engine or our connection is new: read everything again."""
        self._all = True
        self._wake.set()

    async def run(self) -> None:
        """Write what changed, for ever."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(SETTLE_S)
            self._wake.clear()
            dirty, self._dirty = self._dirty, set()
            everything, self._all = self._all, False
            trunks, self._trunks = list(self._trunks.values()), {}
            try:
                if everything:
                    contacts = await asyncio.to_thread(files.contacts, self._config)
                    await self._database(replace_all, self._node_id, contacts, self._seen)
                elif dirty:
                    contacts = await asyncio.to_thread(files.contacts, self._config, dirty)
                    await self._database(replace, self._node_id, dirty, contacts, self._seen)
                if trunks:
                    await self._database(set_trunks, self._node_id, trunks)
            except Exception:
                log.exception("registrations are not written just now")
                self._dirty |= dirty
                self._all = self._all or everything
                self._wake.set()
                await asyncio.sleep(SETTLE_S)


def replace_all(
    node_id: int, contacts: Iterable[files.Contact], seen: Mapping[str, Mapping[str, Seen]]
) -> None:
    """Rows of all subscriber ports from the engine's contact list."""
    contacts = list(contacts)
    ports = dict_of_ports(None)
    with transaction.atomic():
        Registration.objects.filter(node_id=node_id).exclude(
            port_id__in=Port.objects.filter(connection=Port.Connection.TRUNK).values("id")
        ).delete()
        _insert(node_id, contacts, seen, ports)


def replace(
    node_id: int,
    aors: Iterable[str],
    contacts: Iterable[files.Contact],
    seen: Mapping[str, Mapping[str, Seen]],
) -> None:
    """Rows of the ports with these logins."""
    ports = dict_of_ports(aors)
    with transaction.atomic():
        Registration.objects.filter(
            node_id=node_id, port_id__in=[port_id for port_id, _ in ports.values()]
        ).delete()
        _insert(node_id, contacts, seen, ports)


def dict_of_ports(logins: Iterable[str] | None) -> dict[str, tuple[int, int]]:
    """Login → (port id, client id) of subscriber ports."""
    found = Port.objects.filter(connection=Port.Connection.SUBSCRIBER)
    if logins is not None:
        found = found.filter(login__in=list(logins))
    return {login: (port, client) for login, port, client in found.values_list("login", "id", "client_id")}


def _insert(
    node_id: int,
    contacts: Iterable[files.Contact],
    seen: Mapping[str, Mapping[str, Seen]],
    ports: Mapping[str, tuple[int, int]],
) -> None:
    now = timezone.now()
    rows = []
    for contact in contacts:
        known = ports.get(contact.aor)
        if known is None or contact.expires_at <= now.timestamp():
            continue
        state = seen.get(contact.aor, {}).get(contact.uri)
        rows.append(
            Registration(
                node_id=node_id,
                port_id=known[0],
                client_id=known[1],
                contact=contact.uri[:255],
                address=contact.address[:80],
                user_agent=contact.user_agent[:200],
                status="unreachable" if state and state.status == "Unreachable" else "registered",
                rtt_ms=state.rtt_ms if state else None,
                expires_at=datetime.fromtimestamp(contact.expires_at, UTC),
                updated_at=now,
            )
        )
    Registration.objects.bulk_create(rows, batch_size=1000)


def set_trunks(node_id: int, states: Iterable[TrunkState]) -> None:
    """Rows of trunks that register themselves, found by the address they register."""
    by_uri = {}
    clients = Port.objects.filter(connection=Port.Connection.TRUNK, register=True).values_list("client_id")
    for (client_id,) in clients.distinct():
        for port in endpoints_of(client_id):
            if port.is_trunk and port.register:
                by_uri[client_uri(port)] = port
    for state in states:
        if state.client_uri not in by_uri:
            continue
        port = by_uri[state.client_uri]
        Registration.objects.update_or_create(
            node_id=node_id,
            port_id=port.port_id,
            defaults={
                "client_id": port.client_id,
                "contact": state.client_uri[:255],
                "address": f"{port.remote_host}:{port.remote_port}"[:80],
                "status": state.status.lower()[:20] or "unknown",
                "updated_at": timezone.now(),
            },
        )
