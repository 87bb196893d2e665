"""Changes to outside billings, and whose calls they rate: the operator's matter."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from ats import checks
from ats.audit.actions import apply, record
from ats.clients.models import Client, User
from ats.errors import Conflict, Fault, Invalid, Missing, invalid
from ats.radius.models import Binding, Profile, Server

MOST_SERVERS = 8


def _address(value: Any) -> str:
    """An IP address: a name would have to be looked up while a caller waits."""
    line: str = checks.text(45, required=True)(value)
    try:
        return str(ipaddress.ip_address(line))
    except ValueError as error:
        raise checks.Bad("bad_address") from error


_PROFILE: dict[str, checks.Check] = {
    "name": checks.text(80, required=True),
    "nas_id": checks.text(64, required=True),
    "password": checks.text(64),
    "timeout_ms": checks.whole(200, 5000),
    "tries": checks.whole(1, 5),
    "silent_s": checks.whole(0, 86_400),
    "interim_s": checks.whole(0, 86_400),
    "renews": checks.flag,
}
_PORTS = {"auth_port": 1812, "acct_port": 1813}
_SERVER: dict[str, checks.Check] = {
    "host": _address,
    "auth_port": checks.whole(1, 65_535),
    "acct_port": checks.whole(1, 65_535),
    "secret": checks.text(64),
}


@transaction.atomic
def save_profile(actor: User | None, profile_id: int | None, values: Mapping[str, Any]) -> Profile:
    """Create an outside billing, or change it (only the fields given). Raises Missing, Invalid.

    `servers`, when given, are all there shall be; one with the id of a known server and no secret keeps its secret.
    What waits for delivery is tried at once.
    """
    profile = Profile() if profile_id is None else _locked(profile_id)
    accepted = checks.clean(values, _PROFILE)
    servers = _servers(profile, values["servers"]) if "servers" in values or profile_id is None else None
    before, after = apply(profile, accepted)
    profile.failures, profile.error, profile.next_try_at = 0, "", timezone.now()
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError as error:
        raise invalid("name", "taken") from error
    if servers is not None:
        before["servers"], after["servers"] = _store(profile, servers)
    verb = "update" if profile_id else "create"
    record(actor, _operator_id(), verb, profile, before=before, after=after)
    return profile


@transaction.atomic
def delete_profile(actor: User | None, profile_id: int) -> None:
    """Delete an outside billing that rates nobody and never rated a call. Raises Missing, Conflict."""
    profile = _locked(profile_id)
    record(actor, _operator_id(), "delete", profile)
    try:
        with transaction.atomic():
            profile.delete()
    except ProtectedError as error:
        count = len(error.protected_objects)
        raise Conflict("in_use", where=(Fault("at_radius", {"count": count}),)) from error


@transaction.atomic
def bind(actor: User | None, client_id: int, profile_id: int | None) -> None:
    """Have a client's calls rated by an outside billing, or (None) by our tariffs. Raises Missing, Invalid.

    It holds from the next call on; calls in progress end as they began.
    """
    client = Client.objects.filter(pk=client_id).first()
    if client is None:
        raise Missing
    profile = Profile.objects.filter(pk=profile_id).first() if profile_id is not None else None
    if profile_id is not None and profile is None:
        raise invalid("radius_id", "no_such")
    known = Binding.objects.select_related("profile").filter(client=client).first()
    old = known.profile if known else None
    if old == profile:
        return
    if profile is None:
        Binding.objects.filter(client=client).delete()
    else:
        Binding.objects.update_or_create(client=client, defaults={"profile": profile})
    before = {"radius": old.name if old else ""}
    record(
        actor, client_id, "update", client, before=before, after={"radius": profile.name if profile else ""}
    )


def _servers(profile: Profile, given: Any) -> list[Server]:
    """The servers as they shall be, checked; faults are named `servers.<place>.<field>`."""
    if not isinstance(given, Sequence) or not given:
        raise invalid("servers", "required")
    if len(given) > MOST_SERVERS:
        raise invalid("servers", "too_many", max=MOST_SERVERS)
    known = {server.pk: server for server in profile.servers.all()} if profile.pk else {}
    found: list[Server] = []
    faults: dict[str, Fault] = {}
    for place, values in enumerate(given):
        try:
            accepted = checks.clean({**_PORTS, **values}, _SERVER)
        except Invalid as error:
            faults |= {f"servers.{place}.{name}": fault for name, fault in (error.fields or {}).items()}
            continue
        old = known.pop(values.get("id") or 0, None)
        if not accepted.get("secret"):
            if old is None:
                faults[f"servers.{place}.secret"] = Fault("required")
                continue
            accepted["secret"] = old.secret
        if any(one.host == accepted["host"] and one.auth_port == accepted["auth_port"] for one in found):
            faults[f"servers.{place}.host"] = Fault("taken")
        found.append(Server(pk=old.pk if old else None, place=place, **accepted))
    if faults:
        raise Invalid(faults)
    return found


def _store(profile: Profile, servers: list[Server]) -> tuple[list[str], list[str]]:
    """Put these in place of the old ones; both as texts without secrets."""
    old = [_title(server) for server in profile.servers.all()]
    profile.servers.all().delete()
    for server in servers:
        server.profile = profile
    Server.objects.bulk_create(servers)
    return old, [_title(server) for server in servers]


def _title(server: Server) -> str:
    return f"{server.host} {server.auth_port}/{server.acct_port}"


def _operator_id() -> int:
    return Client.objects.values_list("pk", flat=True).get(is_operator=True)


def _locked(profile_id: int) -> Profile:
    profile = Profile.objects.select_for_update().filter(pk=profile_id).first()
    if profile is None:
        raise Missing
    return profile
