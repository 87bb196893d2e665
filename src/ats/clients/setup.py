"""The operator's own client and its first administrator: what an empty exchange begins with."""

from django.db import transaction
from django_scopes import scope, scopes_disabled

from ats.clients import actions, user_actions
from ats.clients.models import Client, User
from ats.clients.passwords import generate
from ats.clients.rights import Role

ADMIN_LOGIN = "admin"
OPERATOR_NAME = "Оператор связи"


@transaction.atomic
def init_operator() -> tuple[Client, str | None]:
    """Make the operator's client and user `admin`; returns the client and the password.

    The password is None when there was an operator already: nothing is changed then.
    """
    known = Client.objects.select_for_update().filter(is_operator=True).first()
    if known is not None:
        return known, None
    operator = actions.create_client(None, {"name": OPERATOR_NAME}, is_operator=True)
    password = generate()
    with scope(client=operator.pk):
        user_actions.create_user(
            None,
            operator.pk,
            {
                "login": ADMIN_LOGIN,
                "name": "Администратор",
                "password": password,
                "role": Role.SYSTEM_ADMIN.value,
            },
        )
    return operator, password


def set_password(login: str, password: str | None) -> str:
    """Give a user a new password (generated when None), let him in again, and return it.

    Raises User.DoesNotExist, Invalid for a weak password.
    """
    with scopes_disabled():
        user = User.objects.get(login=login)
    chosen = password or generate()
    with scope(client=user.client_id):
        user_actions.update_user(None, user.pk, {"password": chosen, "is_active": True})
    return chosen
