"""Which devices are registered and which trunks have registered with their operators, as rows for people.

Read from the engine's own contact file, not from AMI: events there come with every call too, and its list
actions load every endpoint into the engine.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from ats.config import Config
from ats.engine.agent import files
from ats.engine.agent.agentstates import AgentStates
from ats.engine.agent.database import Database
from ats.engine.agent.lamps import MessageLamps
from ats.engine.ami import Ami
from ats.engine.models import Registration
from ats.ports.models import Port

log = logging.getLogger(__name__)

EVERY_S = 0.5
TRUNKS_S = 3.0
# Reading 100,000 contacts takes a part of a second of CPU: the more it takes, the more seldom it is done. On the clock
# it can take seconds once, beside other work, which is no reason to rest for minutes.
REST = 30
PORTION = 500  # addresses of record written at once
_TRUNK_STATES = {"Registered": "registered", "Rejected": "rejected", "Unregistered": "unregistered"}

States = dict[str, str]  # a trunk, see `_key` → the engine's word for its registration


class Registrations:
    """Keeps Registration rows of one node true. `resync()` writes all of them again."""

    def __init__(
        self, config: Config, ami: Ami, node_id: int, database: Database, lamps: MessageLamps
    ) -> None:
        self._log = files.ContactLog(config)
        self._ami = ami
        self._agents = AgentStates(config, ami)
        self._lamps = lamps
        self._node_id = node_id
        self._database = database
        self._drivers = files.drivers_path(config)
        self._all = True
        self._trunks: States = {}
        self._trunks_at = 0.0
        self._contacts_at = 0.0

    def resync(self) -> None:
        """The engine or our connection is new: write everything again."""
        self._all = True
        self._trunks = {}
        self._agents.forget()
        self._lamps.forget()

    async def agents_changed(self) -> None:
        """Queues were pushed: new agents' telephones may have been registered for long."""
        await self._agents.look()

    async def look(self) -> None:
        """Compare and write what changed; called every EVERY_S."""
        now = time.monotonic()
        try:
            if self._all or now >= self._contacts_at:
                await self._look_at_contacts()
        finally:  # trunks are seen even while something is wrong with telephones
            if now >= self._trunks_at:
                self._trunks_at = now + TRUNKS_S
                await self._look_at_trunks()

    async def _look_at_contacts(self) -> None:
        everything, self._all = self._all, False
        if everything:
            self._log.forget()
        changes, cost_s = await asyncio.to_thread(self._poll)
        self._contacts_at = time.monotonic() + cost_s * REST
        if changes is None and not everything:
            return
        present, touched = changes or ([], set())
        try:
            await self._agents.look(None if everything else touched)
            await self._write(None if everything else touched, present)
            await self._lamps.look(None if everything else touched)
        except Exception:
            self._all = True
            raise

    def _poll(self) -> tuple[tuple[list[files.Contact], set[str]] | None, float]:
        """What changed, and the seconds of CPU that looking took."""
        began = time.thread_time()
        return self._log.poll(), time.thread_time() - began

    async def _write(self, touched: set[str] | None, present: list[files.Contact]) -> None:
        """In portions: saves of clients wait for the same thread of the database."""
        contacts: dict[str, list[files.Contact]] = defaultdict(list)
        for contact in present:
            contacts[contact.aor].append(contact)
        aors = sorted(contacts if touched is None else touched)
        for start in range(0, len(aors), PORTION):
            some = aors[start : start + PORTION]
            await self._database(replace, self._node_id, some, [one for aor in some for one in contacts[aor]])
        if touched is None:
            await self._database(forget_others, self._node_id, set(contacts))

    async def _look_at_trunks(self) -> None:
        events = (await self._ami.action("PJSIPShowRegistrationsOutbound")).events
        states = {
            event["ObjectName"]: event.get("Status", "")
            for event in events
            if event.get("ObjectType") == "registration" and "ObjectName" in event
        }
        states |= await self._iax_trunks()
        if states != self._trunks:
            await self._database(set_trunks, self._node_id, states)
            self._trunks = states

    async def _iax_trunks(self) -> States:
        """Lines over IAX2 by `login@port`: the engine shows the operator's address, not the name it was given."""
        if not self._drivers.exists():
            return {}
        answer = await self._ami.try_action("IAXregistry")  # refused while the driver is not loaded
        return {
            f"{event['Username']}@{event['Host'].rpartition(':')[2]}": event.get("State", "")
            for event in answer.events
            if event.get("Event") == "RegistryEntry" and "Username" in event and "Host" in event
        }


def replace(node_id: int, aors: Sequence[str], contacts: Iterable[files.Contact]) -> None:
    """Write the contacts of the subscribers' ports with these logins."""
    ports = _ports(aors)
    now = timezone.now()
    rows = [
        Registration(
            node_id=node_id,
            port_id=ports[contact.aor][0],
            client_id=ports[contact.aor][1],
            contact=contact.uri[:255],
            address=contact.address[:80],
            user_agent=contact.user_agent[:200],
            status="registered",
            expires_at=datetime.fromtimestamp(contact.expires_at, UTC) if contact.expires_at else None,
            updated_at=now,
        )
        for contact in contacts
        if contact.aor in ports
    ]
    with transaction.atomic():
        ids = [port_id for port_id, _ in ports.values()]
        Registration.objects.filter(node_id=node_id, port_id__in=ids).delete()
        Registration.objects.bulk_create(rows, batch_size=1000)


def forget_others(node_id: int, aors: set[str]) -> None:
    """Remove what is noted of ports that have other logins than these; trunks stay."""
    trunks = Port.objects.filter(connection=Port.Connection.TRUNK)
    noted = Registration.objects.filter(node_id=node_id).exclude(port_id__in=trunks.values("id"))
    logins = Port.objects.filter(pk=OuterRef("port_id")).values("login")
    rows = noted.annotate(login=Subquery(logins)).values_list("pk", "login")
    gone = [pk for pk, login in rows if login not in aors]
    for start in range(0, len(gone), PORTION):
        Registration.objects.filter(pk__in=gone[start : start + PORTION]).delete()


def set_trunks(node_id: int, states: Mapping[str, str]) -> None:
    """Write the states of the trunks that register themselves; rows of others of them go."""
    now = timezone.now()
    trunks = Port.objects.filter(connection=Port.Connection.TRUNK)
    rows = [
        Registration(
            node_id=node_id,
            port_id=trunk.pk,
            client_id=trunk.client_id,
            contact=f"{trunk.remote_login}@{trunk.remote_domain or trunk.remote_host}"[:255],
            address=f"{trunk.remote_host}:{trunk.remote_port}"[:80],
            status=_TRUNK_STATES.get(states[_key(trunk)], "unregistered"),
            updated_at=now,
        )
        for trunk in trunks.filter(register=True)
        if _key(trunk) in states
    ]
    with transaction.atomic():
        Registration.objects.filter(node_id=node_id, port_id__in=trunks.values("id")).delete()
        Registration.objects.bulk_create(rows, batch_size=1000)


def _key(trunk: Port) -> str:
    """How the engine tells which trunk's registration it speaks of."""
    if trunk.kind == Port.Kind.IAX2:  # such a login is unique among them
        return f"{trunk.remote_login}@{trunk.remote_port}"
    return trunk.endpoint


def _ports(logins: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Login → (port id, client id) of subscriber ports."""
    found = Port.objects.filter(connection=Port.Connection.SUBSCRIBER, login__in=logins)
    return {login: (port, client) for login, port, client in found.values_list("login", "id", "client_id")}
