"""Which port an endpoint of the engine is: the journal names endpoints, call detail keeps port ids."""

import time
from collections.abc import Iterable

from django_scopes import scopes_disabled

from ats.calls.derive import CallRow
from ats.ports.models import Port

_FRESH_S = 60.0  # a login can be given to another port later
_PART = 500


class PortIds:
    """Port ids by endpoint name, asked of the database once a minute for the endpoints in use."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._unknown: set[str] = set()
        self._until = 0.0

    def ids(self, rows: Iterable[CallRow]) -> dict[str, int]:
        """Ids of the endpoints these rows name; names of ports that are gone have none."""
        rows = list(rows)
        return self.of({row.caller_endpoint for row in rows} | {row.answered_endpoint for row in rows})

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """The same for endpoints by name."""
        now = time.monotonic()
        if now > self._until:
            self._known.clear()
            self._unknown.clear()
            self._until = now + _FRESH_S
        missing = sorted(set(names) - self._known.keys() - self._unknown - {""})
        for start in range(0, len(missing), _PART):
            self._ask(missing[start : start + _PART])
        return self._known

    def _ask(self, names: list[str]) -> None:
        with scopes_disabled():
            found = dict(Port.objects.filter(login__in=names).values_list("login", "pk"))
            trunks = [
                int(name[1:]) for name in names if name[:1] == "t" and name[1:].isdecimal() and len(name) < 19
            ]
            named = Port.objects.filter(kind=Port.Kind.IAX2, register=True, remote_login__in=names)
            found |= dict(named.values_list("remote_login", "pk"))
            found |= {f"t{pk}": pk for pk in Port.objects.filter(pk__in=trunks).values_list("pk", flat=True)}
        self._known |= found
        self._unknown |= set(names) - found.keys()
