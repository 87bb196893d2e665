"""Changes to the ports of a client (S59-S86)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.kept import limits_of
from ats.clients.models import User
from ats.clients.ownership import owner_field
from ats.clients.versions import bump, bump_routes
from ats.errors import Conflict, Fault, Invalid, Missing, invalid
from ats.ports import credentials, port_checks
from ats.ports.models import DEFAULT_PORTS, Port, RouteTrunk
from ats.ports.usage import uses_of_port

_UNSEEN_BY_ENGINE = frozenset({"description"})  # whose it is counts: his limits are its limits
_ATTEMPTS = 5


@transaction.atomic
def create_port(actor: User | None, client_id: int, values: Mapping[str, Any]) -> Port:
    """Create a port of the client in scope; a subscriber's login and password are generated when empty.

    Raises Invalid: also for a name or login that is taken, or numbers of somebody else.
    """
    picked = checks.clean(
        {"kind": values.get("kind", "sip"), "connection": values.get("connection", "subscriber")},
        {"kind": checks.one_of(Port.Kind.values), "connection": checks.one_of(Port.Connection.values)},
    )
    port = Port(client_id=client_id, **picked, remote_port=DEFAULT_PORTS[picked["kind"]])
    fields = port_checks.accepted(port, values)
    fields |= port_checks.check_numbers(port, values) | owner_field(values)
    apply(port, fields)
    port_checks.check_whole(port)
    if port.connection == Port.Connection.SUBSCRIBER:
        _save_subscriber(port, str(values.get("password") or ""))
    else:
        _save(port)
    record(actor, client_id, "create", port, after={**fields, "login": port.login})
    bump(client_id)
    return port


@transaction.atomic
def update_port(actor: User | None, port_id: int, values: Mapping[str, Any]) -> Port:
    """Change a port in scope; only the fields given. An empty password leaves it as it is.

    Raises Missing, Invalid.
    """
    port = _locked(port_id)
    if values.get("connection", port.connection) != port.connection:
        raise invalid("connection", "cannot_change")
    given = {name: value for name, value in values.items() if name != "password" or value}
    fields = port_checks.accepted(port, given)
    fields |= port_checks.check_numbers(port, given) | owner_field(values)
    if not fields.get("login", "-"):
        raise invalid("login", "required")
    if port.connection == Port.Connection.SUBSCRIBER:
        login = fields.get("login", port.login)
        password = str(given.get("password", port.password))
        if "password" in given or "login" in fields:
            fields["password"] = _password(password, login)
    before, after = apply(port, fields)
    if not after:
        return port
    port_checks.check_whole(port)
    _save(port)
    record(actor, port.client_id, "update", port, before=before, after=after)
    if after.keys() - _UNSEEN_BY_ENGINE:
        bump(port.client_id)
        if RouteTrunk.objects.filter(trunk=port).exists():
            bump_routes()
    return port


@transaction.atomic
def delete_port(actor: User | None, port_id: int) -> None:
    """Delete a port in scope. Raises Missing; Conflict saying which dialplans or routes use it."""
    port = _locked(port_id)
    if where := uses_of_port(port):
        raise Conflict("in_use", where=where)
    client_id = port.client_id
    record(actor, client_id, "delete", port, before=_kept(port))
    port.delete()
    bump(client_id)


def _kept(port: Port) -> dict[str, Any]:
    """All that makes it again: a subscriber's port gets a new password then, another operator's cannot be invented."""
    subscriber = port.connection == Port.Connection.SUBSCRIBER
    fields = port_checks.SUBSCRIBER if subscriber else port_checks.TRUNK
    names = ("kind", "connection", *fields, "number_id", "clip_id", "pickup_group_id", "owner_id")
    return {name: getattr(port, name) for name in names} | {"limits": limits_of(port)}


@transaction.atomic
def reveal_password(actor: User, port_id: int) -> Port:
    """The subscriber's port with its password, for setting a telephone up; who looked is written down.

    Raises Missing, also for a trunk: another operator's password is never shown again.
    """
    port = Port.objects.filter(pk=port_id, connection=Port.Connection.SUBSCRIBER).first()
    if port is None:
        raise Missing
    record(actor, port.client_id, "reveal", port)
    return port


def _save_subscriber(port: Port, password: str) -> None:
    """Save a new subscriber's port; a generated login that somebody took meanwhile is generated anew."""
    if port.login:
        port.password = _password(password or credentials.suggest_passwords(1)[0], port.login)
        return _save(port)
    for attempt in range(_ATTEMPTS):
        port.login = credentials.suggest_login(port.client_id)
        port.password = _password(password or credentials.suggest_passwords(1)[0], port.login)
        try:
            return _save(port)
        except Invalid as error:
            if "login" not in error.fields or attempt == _ATTEMPTS - 1:
                raise
    return None


def _password(password: str, login: str) -> str:
    try:
        return credentials.check_password(password, login)
    except checks.Bad as bad:
        raise Invalid({"password": bad.fault}) from bad


def _save(port: Port) -> None:
    try:
        with transaction.atomic():
            port.save()
    except IntegrityError as error:
        named = Port.objects.filter(name=port.name).exclude(pk=port.pk).exists()
        account = "login" if port.connection == Port.Connection.SUBSCRIBER else "remote_login"
        raise Invalid({"name" if named else account: Fault("taken")}) from error


def _locked(port_id: int) -> Port:
    port = Port.objects.select_for_update().filter(pk=port_id).first()
    if port is None:
        raise Missing
    return port
