"""The world most unit tests start from: an operator, two ordinary clients and their users."""

from dataclasses import dataclass
from typing import Any

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
