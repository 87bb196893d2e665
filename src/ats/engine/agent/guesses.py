"""Who guesses at passwords of telephones, from the engine's own security log, and the list of addresses it shuts out.

The engine refuses (403) every SIP message from an address of `acl.conf`; only that list is loaded again, which takes no
call and no telephone with it.
"""

import ipaddress
import logging
import os
import re
import time
from collections import deque
from collections.abc import Collection, Iterable

from django_scopes import scopes_disabled

from ats.config import Config
from ats.engine.acl import acl_conf
from ats.engine.agent.database import Database
from ats.engine.ami import Ami
from ats.engine.models import Registration
from ats.engine.runtime import write_if_changed
from ats.system import bans
from ats.system import queries as system
from ats.system.models import Ban

log = logging.getLogger(__name__)
EVERY_S = 2.0
WITHIN_S = 600.0
PIECE = 1 << 20
MAX_LOG = 32 << 20
# A stranger chooses the account, the call's id and his answer. A value with a quote in it would not fit here, so nobody
# can write another address into the line.
_FAILURE = re.compile(
    r'SecurityEvent="(?:ChallengeResponseFailed|InvalidAccountID|InvalidPassword)",EventTV="[^"]*",Severity="Error",'
    r'Service="PJSIP",EventVersion="\d+",AccountID="[^"]*",SessionID="[^"]*",LocalAddress="[^"]*",'
    r'RemoteAddress="IPV[46]/[A-Z]+/([0-9a-fA-F.:]+)/\d+"(?:,(?:Challenge|Response|ExpectedResponse|ReceivedChallenge'
    r'|ReceivedHash)="[^"]*")*$'
)


def failures(text: str) -> list[str]:
    """Addresses of failed attempts in some lines of the security log, one for each attempt."""
    found = []
    for line in text.splitlines():
        at = line.find('SecurityEvent="')
        if at >= 0 and (match := _FAILURE.match(line, at)):
            found.append(str(ipaddress.ip_address(match[1])))
    return found


class Guesses:
    """Reads what the log has grown by, counts failures of the last ten minutes by address, keeps `acl.conf` right."""

    def __init__(self, config: Config, ami: Ami, database: Database) -> None:
        self._path = config.engine_dir / "log" / "security"
        self._acl = config.engine_etc / "acl.conf"
        self._ami = ami
        self._database = database
        self._offset = self._size()
        self._seen: dict[str, deque[float]] = {}

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    async def look(self) -> None:
        """Once every two seconds."""
        suspects = self._count(failures(self._read()))
        addresses = await self._database(_judge, suspects)
        for address in addresses.newly:
            self._seen.pop(address, None)
            log.warning("%s is shut out: it guesses at passwords", address)
        if write_if_changed(self._acl, acl_conf(addresses.all), mode=0o600):
            await self._ami.action("Command", ("Command", "module reload acl"))

    def _read(self) -> str:
        size = self._size()
        if size < self._offset:
            self._offset = 0  # begun anew
        if size == self._offset:
            return ""
        with self._path.open("rb") as handle:
            handle.seek(self._offset)
            data = handle.read(PIECE)
        whole = data.rfind(b"\n") + 1
        self._offset += whole or len(data)
        if self._offset == size and size > MAX_LOG:
            os.truncate(self._path, 0)  # the engine appends; what was in it has been looked at
            self._offset = 0
        return data[:whole].decode("utf-8", "replace")

    def _count(self, found: Iterable[str]) -> dict[str, int]:
        now = time.monotonic()
        for address in found:
            self._seen.setdefault(address, deque(maxlen=10_000)).append(now)
        for address, moments in list(self._seen.items()):
            while moments and moments[0] < now - WITHIN_S:
                moments.popleft()
            if not moments:
                del self._seen[address]
        return {address: len(moments) for address, moments in self._seen.items()}


class Judged:
    """`all` that are shut out now; `newly`: since this look."""

    def __init__(self, every: Collection[str], newly: Collection[str]) -> None:
        self.all = sorted(every)
        self.newly = newly


def _judge(suspects: dict[str, int]) -> Judged:
    """An address from which somebody is registered is spared: an office behind one address has one bad telephone."""
    newly = []
    if suspects:
        rules = system.bans()
        for address, count in suspects.items():
            if count < rules.sip_failures:
                continue
            with scopes_disabled():
                known = Registration.objects.filter(status="registered", address__startswith=f"{address}:")
                if known.exists():
                    continue
            if bans.guessed(address, Ban.Source.SIP, count, rules):
                newly.append(address)
    return Judged(list(system.active_bans().values_list("address", flat=True)), newly)
