"""Users of a client («Пользователи», S41-S50)."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from ninja import Query, Router, Schema, Status

from ats.api import bulk
from ats.api.gate import ApiRequest, Gate
from ats.api.listing import FilePage, Listed, chosen, listing
from ats.api.shapes import ERRORS
from ats.clients import access, queries, user_actions
from ats.clients.access import Do

router = Router(tags=["users"])


class UserOut(Schema):
    id: int
    login: str
    name: str
    email: str
    language: str
    time_zone: str
    billing_account: str
    rights: list[str]
    is_active: bool
    one_time_codes: bool
    created_at: datetime


class UserIn(Schema):
    """`rights` wins over `role`; with neither the user gets the rights of `client_user`."""

    login: str
    password: str
    name: str = ""
    email: str = ""
    language: str = "ru"
    time_zone: str = "Europe/Moscow"
    billing_account: str = ""
    rights: list[str] | None = None
    role: str | None = None
    is_active: bool = True


class UserPatch(Schema):
    """Only the fields sent are changed."""

    login: str = ""
    password: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    time_zone: str = ""
    billing_account: str = ""
    rights: list[str] | None = None
    role: str | None = None
    is_active: bool = True


class UserPage(FilePage):
    is_active: bool | None = None


_SORTS = {"id": "id", "login": "login", "name": "name", "email": "email", "created_at": "created_at"}
_TITLES = {
    "id": ("ID", "ID"),
    "login": ("Имя пользователя", "User name"),
    "name": ("Имя", "Name"),
    "email": ("Email", "Email"),
    "is_active": ("Активен", "Active"),
    "language": ("Язык", "Language"),
    "time_zone": ("Временная зона", "Time zone"),
    "billing_account": ("Биллинговый счёт", "Billing account"),
    "created_at": ("Создан", "Created"),
}


@router.get("/{int:client_id}/users", response={200: Listed[UserOut], **ERRORS}, auth=Gate(Do.USERS_VIEW))
def list_users(
    request: ApiRequest, client_id: int, page: Query[UserPage]
) -> dict[str, Any] | HttpResponseBase:
    """Users of the client."""
    return listing(
        request,
        page,
        chosen(queries.users(), is_active=page.is_active),
        lambda rows: [queries.user_row(user) for user in rows],
        name="users",
        titles=_TITLES,
        search=("login", "name", "email"),
        sorts=_SORTS,
        default="login",
    )


@router.post("/{int:client_id}/users/bulk", response={200: bulk.BulkOut, **ERRORS}, auth=Gate(Do.USERS_VIEW))
def bulk_users(request: ApiRequest, client_id: int, payload: bulk.BulkIn) -> dict[str, Any]:
    """Delete, activate or block several users, or see what that would do."""
    user = request.auth

    def switch(value: bool) -> bulk.Deed | None:
        if not access.may(user, Do.USERS_CHANGE, client_id):
            return None
        return lambda key: user_actions.update_user(user, key, {"is_active": value})

    def delete(key: int) -> None:
        user_actions.delete_user(user, key)

    deeds: dict[bulk.Action, bulk.Deed | None] = {
        "delete": delete if access.may(user, Do.USERS_DELETE, client_id) else None,
        "activate": switch(True),
        "deactivate": switch(False),
    }
    return bulk.run(request, payload, deeds)


@router.post("/{int:client_id}/users", response={201: UserOut, **ERRORS}, auth=Gate(Do.USERS_ADD))
def create_user(request: ApiRequest, client_id: int, payload: UserIn) -> Status[dict[str, Any]]:
    """Create a user. Nobody gives rights he does not have himself (403)."""
    user = user_actions.create_user(request.auth, client_id, payload.model_dump())
    return Status(201, queries.user_row(user))


@router.get(
    "/{int:client_id}/users/{int:user_id}", response={200: UserOut, **ERRORS}, auth=Gate(Do.USERS_VIEW)
)
def get_user(request: ApiRequest, client_id: int, user_id: int) -> dict[str, Any]:
    """One user."""
    return queries.user_row(queries.user(user_id))


@router.patch(
    "/{int:client_id}/users/{int:user_id}", response={200: UserOut, **ERRORS}, auth=Gate(Do.USERS_CHANGE)
)
def update_user(request: ApiRequest, client_id: int, user_id: int, payload: UserPatch) -> dict[str, Any]:
    """Change a user; a new password ends the user's sessions."""
    user = user_actions.update_user(request.auth, user_id, payload.model_dump(exclude_unset=True))
    return queries.user_row(user)


@router.delete(
    "/{int:client_id}/users/{int:user_id}", response={204: None, **ERRORS}, auth=Gate(Do.USERS_DELETE)
)
def delete_user(request: ApiRequest, client_id: int, user_id: int) -> Status[None]:
    """Delete a user (not oneself)."""
    user_actions.delete_user(request.auth, user_id)
    return Status(204, None)
