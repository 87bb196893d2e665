"""Outside billings: for the calls they rate, and for people."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from ats.errors import Missing
from ats.radius.asking import Address, Terms
from ats.radius.models import Binding, Profile, Record
from ats.radius.records import SECOND


def terms(profile_id: int) -> Terms:
    """How to speak to an outside billing. Raises Missing."""
    return terms_of(profile(profile_id))


def terms_of(found: Profile) -> Terms:
    """The same of a profile read with its servers."""
    return Terms(
        id=found.pk,
        nas_id=found.nas_id,
        password=found.password,
        timeout_s=found.timeout_ms / 1000,
        tries=found.tries,
        silent_s=found.silent_s,
        interim_s=found.interim_s,
        renews=found.renews,
        servers=tuple(
            Address(server.pk, server.host, server.auth_port, server.acct_port, server.secret)
            for server in found.servers.all()
        ),
    )


def profiles() -> QuerySet[Profile]:
    """All outside billings with their servers."""
    return Profile.objects.prefetch_related("servers")


def profile(profile_id: int) -> Profile:
    """One with its servers. Raises Missing."""
    found = profiles().filter(pk=profile_id).first()
    if found is None:
        raise Missing
    return found


def profile_rows(found: list[Profile]) -> list[dict[str, Any]]:
    """Profiles as the API shows them, without secrets; with what waits to be delivered."""
    ids = [one.pk for one in found]
    waiting = {
        profile_id: (count, oldest)
        for profile_id, count, oldest in Record.objects.filter(profile__in=ids)
        .values_list("profile_id")
        .annotate(count=Count("pk"), oldest=Min("at_us"))
        .order_by()
    }
    clients = dict(
        Binding.objects.filter(profile__in=ids)
        .values_list("profile_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [_row(one, waiting.get(one.pk, (0, None)), clients.get(one.pk, 0)) for one in found]


def binding(client_id: int) -> Profile | None:
    """The outside billing that rates this client's calls, if one does."""
    found = Binding.objects.select_related("profile").filter(client_id=client_id).first()
    return found.profile if found else None


def _row(one: Profile, waiting: tuple[int, int | None], clients: int) -> dict[str, Any]:
    names = (
        "name",
        "nas_id",
        "timeout_ms",
        "tries",
        "silent_s",
        "interim_s",
        "renews",
        "failures",
        "error",
        "delivered_at",
    )
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in names},
        "has_password": bool(one.password),
        "servers": [
            {
                "id": server.pk,
                "host": server.host,
                "auth_port": server.auth_port,
                "acct_port": server.acct_port,
            }
            for server in one.servers.all()
        ],
        "clients": clients,
        "waiting": waiting[0],
        "waiting_since": datetime.fromtimestamp(waiting[1] // SECOND, UTC) if waiting[1] else None,
    }
