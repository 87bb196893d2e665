"""The world most unit tests start from: an operator, two ordinary clients and their users."""

import pickle
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django_scopes import scope

from ats.clients import actions, user_actions
from ats.clients.models import Client, User
from ats.numbering import pool_actions

PASSWORD = "Correct-Horse-7"


@dataclass
class World:
    """`admin` manages the system; `romashka` and `vega` are clients with an administrator and a plain user."""

    operator: Client
    romashka: Client
    vega: Client
    admin: User
    keeper: User
    plain: User
    vega_keeper: User
    free_ids: list[int]


def build() -> World:
    """The world, made by the actions; from the second time on by the statements that those had sent."""
    repeatable = connection.vendor == "sqlite" and connection.in_atomic_block
    if repeatable and _kept is not None and (world := _kept.again()) is not None:
        return world
    return _Kept.make() if repeatable else _made()


class _Kept:
    """How the world was written into the empty database of a test that is rolled back afterwards.

    The actions cost more than half of a small test. Their statements give the same rows again as long as ids begin
    where they began: SQLite takes its counters back with everything else.
    """

    def __init__(self, world: bytes, statements: list[tuple[str, Any]], first_id: int) -> None:
        self._world = world
        self._statements = statements
        self._first_id = first_id

    @classmethod
    def make(cls) -> World:
        global _kept
        sent: list[tuple[str, Any]] = []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                assert not many
                sent.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            world = _made()
        _kept = cls(pickle.dumps(world), sent, world.operator.pk)
        return world

    def again(self) -> World | None:
        """The same rows and objects; None, and nothing written, when ids begin elsewhere by now."""
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in self._statements:
                cursor.execute(sql, params)
            if Client.objects.filter(pk=self._first_id).exists():
                world: World = pickle.loads(self._world)  # noqa: S301 - our own, a moment ago
                return world
            transaction.set_rollback(True)
        return None


_kept: _Kept | None = None


def _made() -> World:
    operator = actions.create_client(None, {"name": "Оператор связи"}, is_operator=True)
    romashka = actions.create_client(None, {"name": "Ромашка"})
    vega = actions.create_client(None, {"name": "Вега"})
    free, _ = pool_actions.add_to_pool(None, "+74950000001", "+74950000009")
    return World(
        operator=operator,
        romashka=romashka,
        vega=vega,
        admin=make_user(operator, "admin", "system_admin"),
        keeper=make_user(romashka, "keeper", "client_admin"),
        plain=make_user(romashka, "plain", "client_user"),
        vega_keeper=make_user(vega, "vega-keeper", "client_admin"),
        free_ids=[number.pk for number in free],
    )


def make_user(client: Client, login: str, role: str, **values: Any) -> User:
    with scope(client=client.pk):
        return user_actions.create_user(
            None, client.pk, {"login": login, "password": PASSWORD, "role": role, **values}
        )
