"""Which queue agents' telephones are registered, told to the engine.

For endpoints that come out of a database the engine itself does not know (each would be «unavailable» for ever), and
queues ring only who is there. So the contact file is looked at, and device state `Custom:<login>` set for those ports
that are agents. It stays in the engine's own database: without this process the last known state holds, and an agent
who is gone is rung in vain and passed over.
"""

import asyncio
from collections.abc import Iterable

from ats.config import Config
from ats.engine import enginedb, queuerows
from ats.engine.agent import files
from ats.engine.ami import Ami

PRESENT, ABSENT = "NOT_INUSE", "UNAVAILABLE"


class AgentStates:
    """Keeps the states true. What was told is remembered, so only changes cost the engine anything."""

    def __init__(self, config: Config, ami: Ami) -> None:
        self._config = config
        self._ami = ami
        self._told: dict[str, str] = {}

    def forget(self) -> None:
        """The engine or our connection is new."""
        self._told = {}

    async def look(self, touched: Iterable[str] | None = None) -> None:
        """Tell what changed of these logins (None: of every agent's). Raises AmiError."""
        found = await asyncio.to_thread(self._states, None if touched is None else set(touched))
        changed = {login: state for login, state in found.items() if self._told.get(login) != state}
        answers = await self._ami.batch(
            ("Setvar", (("Variable", f"DEVICE_STATE(Custom:{login})"), ("Value", state)))
            for login, state in changed.items()
        )
        for (login, state), answer in zip(changed.items(), answers, strict=True):
            if answer.ok:
                self._told[login] = state

    def _states(self, touched: set[str] | None) -> dict[str, str]:
        if touched is not None and not touched:
            return {}
        with enginedb.transaction(self._config.engine_db) as connection:
            logins = queuerows.logins(connection)
        if touched is not None:
            logins &= touched
        present = files.registered(self._config, logins)
        return {login: PRESENT if login in present else ABSENT for login in sorted(logins)}
