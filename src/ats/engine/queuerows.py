"""A client's queues and their agents as rows of engine.db, which the engine's queues read with every caller and every
round of ringing: nothing is ever reloaded.

Columns of two owners stand in one row of `queue_members`. The agent process writes what the client has set. The engine
writes `logged`, `paused` and `penalty`: codes dialled on telephones and the order of ringing. An order from the cabinet
(`order_no`) changes the engine's columns once.
"""

import sqlite3
from collections.abc import Iterable, Mapping

from ats.dialplan.conf import HINTS
from ats.dialplan.queues import AgentPlan, QueuePlan
from ats.dialplan.talk import music_class

QUEUE_COLUMNS = (
    "client_id", "strategy", "timeout", "retry", "wrapuptime", "maxlen", "ringinuse", "joinempty", "leavewhenempty",
    "autofill", "announce_position", "announce_frequency", "announce_holdtime", "announce_position_only_up",
    "setinterfacevar", "timeoutrestart", "musicclass",
)  # fmt: skip
# What the client has set; the rest of a member's row is the engine's.
MEMBER_COLUMNS = ("client_id", "home", "interface", "login", "membername", "state_interface", "turn")
_STATE_COLUMNS = ("queue_name", "logged", "paused", "reason_paused", "penalty", "order_no")
# The manual's meaning of these two differs from the engine's: they ring in the order of penalties, which
# context `ats-ring` keeps (docs/queues.md).
COUNTED = ("leastrecent", "rrmemory")
_ORDERS = {
    "login": ("logged", "1"),
    "logout": ("logged", "0"),
    "pause": ("paused", "1"),
    "unpause": ("paused", "0"),
}


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, or their columns, when they are missing."""
    for table, key, columns in (
        ("queues", "name", QUEUE_COLUMNS),
        ("queue_members", "uniqueid", (*MEMBER_COLUMNS, *_STATE_COLUMNS)),
    ):
        names = ", ".join(f"{name} TEXT" for name in columns)
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {table} ({key} TEXT PRIMARY KEY, {names}) WITHOUT ROWID"
        )
        have = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name in columns:  # those a newer version brings
            if name not in have:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} TEXT")
        connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_client ON {table} (client_id)")
    connection.execute(
        "CREATE INDEX IF NOT EXISTS queue_members_queue ON queue_members (queue_name, interface)"
    )
    connection.execute("CREATE INDEX IF NOT EXISTS queue_members_login ON queue_members (login)")
    connection.execute("CREATE INDEX IF NOT EXISTS queue_members_phone ON queue_members (interface)")
    # Who has logged out is no member: his row names no queue.
    connection.execute(
        """CREATE TRIGGER IF NOT EXISTS queue_members_logged AFTER UPDATE OF logged ON queue_members
        BEGIN UPDATE queue_members SET queue_name = CASE NEW.logged WHEN '1' THEN home ELSE '' END
        WHERE uniqueid = NEW.uniqueid; END"""
    )


def apply(connection: sqlite3.Connection, client_id: int, plans: Iterable[QueuePlan]) -> None:
    """Make the file hold exactly these queues and agents of a client; who stays keeps his state."""
    queues: dict[str, Mapping[str, str]] = {}
    members: dict[str, tuple[AgentPlan, Mapping[str, str], int]] = {}
    for plan in plans:
        queues[plan.name] = _queue(plan)
        for position, agent in enumerate(plan.agents):
            members[str(agent.agent_id)] = (agent, _member(plan, agent), position)
    owner = (str(client_id),)
    for (name,) in connection.execute("SELECT name FROM queues WHERE client_id = ?", owner).fetchall():
        if name not in queues:
            connection.execute("DELETE FROM queues WHERE name = ?", (name,))
    for (key,) in connection.execute(
        "SELECT uniqueid FROM queue_members WHERE client_id = ?", owner
    ).fetchall():
        if key not in members:
            connection.execute("DELETE FROM queue_members WHERE uniqueid = ?", (key,))
    for name, values in queues.items():
        row = (name, *(values[column] for column in QUEUE_COLUMNS))
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"INSERT OR REPLACE INTO queues (name, {', '.join(QUEUE_COLUMNS)}) VALUES ({marks})",  # noqa: S608
            row,
        )
    for key, (agent, values, position) in members.items():
        _put_member(connection, key, agent, values, position)


def logins(connection: sqlite3.Connection, client_id: int | None = None) -> set[str]:
    """Endpoints of the ports that are agents of some queue (of one client, or of all)."""
    where, values = ("", ()) if client_id is None else (" AND client_id = ?", (str(client_id),))
    query = f"SELECT DISTINCT login FROM queue_members WHERE login != ''{where}"  # noqa: S608
    return {login for (login,) in connection.execute(query, values)}


def interface(plan: QueuePlan, agent: AgentPlan) -> str:
    """What the engine rings. A number outside takes the client's one way out, where limits and money are looked at."""
    if agent.endpoint:
        return agent.telephone
    return f"Local/o{agent.digits}@c{plan.client_id}.out/n"


def _queue(plan: QueuePlan) -> dict[str, str]:
    empty = "unavailable,invalid"
    return {
        "client_id": str(plan.client_id),
        "strategy": "linear" if plan.strategy in COUNTED else plan.strategy,
        "timeout": str(plan.ring_s),
        "retry": str(plan.retry_s),
        "wrapuptime": str(plan.wrapup_s),
        "maxlen": str(plan.max_waiting),
        "ringinuse": "no",
        "joinempty": empty,
        "leavewhenempty": empty,
        "autofill": "yes",
        "announce_position": "yes" if plan.announce_place else "no",
        "announce_frequency": str(plan.announce_every_s if plan.announce_place else 0),
        "announce_holdtime": "no",
        "announce_position_only_up": "no",
        "setinterfacevar": "no",
        "timeoutrestart": "no",
        "musicclass": music_class(plan.client_id),
    }


def _member(plan: QueuePlan, agent: AgentPlan) -> dict[str, str]:
    turn = ""
    if plan.strategy in COUNTED:
        turn = plan.strategy
        if turn == "rrmemory":  # what was counted among others does not go on counting
            turn = " ".join([turn, *(str(agent.agent_id) for agent in plan.agents)])
    return {
        "client_id": str(plan.client_id),
        "home": plan.name,
        "interface": interface(plan, agent),
        "login": agent.endpoint,
        "membername": f"a{agent.agent_id}",
        "state_interface": f"hint:{agent.endpoint}@{HINTS}" if agent.endpoint else "",
        "turn": turn,
    }


def _put_member(
    connection: sqlite3.Connection, key: str, agent: AgentPlan, values: Mapping[str, str], position: int
) -> None:
    new = tuple(values[column] for column in MEMBER_COLUMNS)
    query = f"SELECT order_no, turn, {', '.join(MEMBER_COLUMNS)} FROM queue_members WHERE uniqueid = ?"  # noqa: S608
    old = connection.execute(query, (key,)).fetchone()
    if old is None:
        columns = ("uniqueid", *MEMBER_COLUMNS, *_STATE_COLUMNS)
        row = (key, *new, values["home"], "1", "0", "", "0", "0")
        marks = ", ".join("?" * len(columns))
        connection.execute(
            f"INSERT INTO queue_members ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            row,
        )
    elif old[2:] != new:
        changes = ", ".join(f"{column} = ?" for column in MEMBER_COLUMNS)
        connection.execute(f"UPDATE queue_members SET {changes} WHERE uniqueid = ?", (*new, key))  # noqa: S608
    if (old is None or old[1] != values["turn"]) and values["turn"]:
        start = position if values["turn"] != "leastrecent" else _fewest(connection, key, values["home"])
        connection.execute("UPDATE queue_members SET penalty = ? WHERE uniqueid = ?", (str(start), key))
    elif old is not None and old[1] and not values["turn"]:
        connection.execute("UPDATE queue_members SET penalty = '0' WHERE uniqueid = ?", (key,))
    if agent.order in _ORDERS and agent.order_no > int(old[0] if old else 0):
        column, value = _ORDERS[agent.order]
        connection.execute(
            f"UPDATE queue_members SET {column} = ?, order_no = ? WHERE uniqueid = ?",  # noqa: S608
            (value, str(agent.order_no), key),
        )


def _fewest(connection: sqlite3.Connection, key: str, home: str) -> int:
    """Calls of the least called of the other agents: a newcomer is not rung for all that came before him."""
    query = "SELECT min(CAST(penalty AS INTEGER)) FROM queue_members WHERE home = ? AND turn != '' AND uniqueid != ?"
    return int(connection.execute(query, (home, key)).fetchone()[0] or 0)
