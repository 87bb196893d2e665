"""The certificate of the exchange, as the operator sees and changes it."""

import ssl
from datetime import UTC, datetime
from typing import Any, Literal

from django.conf import settings
from django.db import transaction

from ats import addresses, certificates
from ats.audit.actions import record
from ats.config import Config
from ats.errors import Conflict
from ats.system.actions import Operator
from ats.system.models import Setting

PATIENCE_S = 2.0  # for a listener to show its certificate
_TOPIC = "certificate"
_SILENT: dict[str, Any] = {"fresh": None, "shown": None}

Source = Literal["generated", "uploaded", "file"]


def upload(actor: Operator, certificate: str, key: str) -> None:
    """Take the operator's own chain and key into use. Raises Invalid, Conflict when files of his are followed."""
    _refuse_followed()
    _replace(actor, certificates.checked(certificate.encode(), key.encode(), datetime.now(UTC)))


def generate(actor: Operator) -> None:
    """Go back to a certificate of our own, a new one. Raises Conflict when files of the operator's are followed."""
    _refuse_followed()
    config = settings.CONFIG
    _replace(actor, certificates.self_signed(certificates.own_names(config), datetime.now(UTC)))


def follow() -> None:
    """The worker's: take over what the operator's files hold by now, and renew one of our own in time."""
    certificates.ensure(settings.CONFIG, datetime.now(UTC))


def days_left() -> int | None:
    """Days until the served certificate ends, when that is soon; None: long enough, or there is none."""
    found = certificates.present(settings.CONFIG)
    if found is None:
        return None
    left = found.days_left(datetime.now(UTC))
    return left if left < certificates.WARN_DAYS else None


def state() -> dict[str, Any]:
    """What is served, by whom, and what cannot be (`trouble`: a Problem or None)."""
    config = settings.CONFIG
    now = datetime.now(UTC)
    found = certificates.present(config)
    return {
        "certificate": None if found is None else _shown(found, now),
        "source": _source(config, found),
        "path": config.certificate,
        "https": config.https,
        "uses": _uses(config, found, now),
        "trouble": certificates.trouble(config, now),
    }


def _refuse_followed() -> None:
    if settings.CONFIG.certificate:
        raise Conflict("certificate_followed", file=settings.CONFIG.certificate)


@transaction.atomic
def _replace(actor: Operator, pem: bytes) -> None:
    """The file comes last: nothing can fail any more that would undo the note of it."""
    config = settings.CONFIG
    before, after = certificates.present(config), certificates.facts(pem)
    row, _ = Setting.objects.get_or_create(topic=_TOPIC)
    record(
        actor,
        actor.client_id,
        "update",
        row,
        before={} if before is None else _noted(before),
        after=_noted(after),
    )
    certificates.store(config, pem)


def _noted(found: certificates.Facts) -> dict[str, str]:
    return {
        "subject": found.subject,
        "fingerprint": found.fingerprint,
        "not_after": f"{found.not_after:%Y-%m-%d}",
    }


def _source(config: Config, found: certificates.Facts | None) -> Source:
    if config.certificate:
        return "file"
    return "generated" if found is None or found.ours else "uploaded"


def _shown(found: certificates.Facts, now: datetime) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "issuer": found.issuer,
        "names": list(found.names),
        "not_before": found.not_before,
        "not_after": found.not_after,
        "days_left": found.days_left(now),
        "self_signed": found.self_signed,
        "fingerprint": found.fingerprint,
    }


def _uses(config: Config, found: certificates.Facts | None, now: datetime) -> list[dict[str, Any]]:
    """Who shows it to others. `fresh`: this very one; None: not asked, or no answer. `shown`: the other one, if so."""
    cabinet = _shows(config, config.web_port, found, now) if config.https else _SILENT
    return [
        {"what": "cabinet", "port": config.web_port, "on": config.https, **cabinet},
        {"what": "softphone", "port": config.web_port, "on": config.https, **cabinet},
        {"what": "sip", "port": config.sips_port, "on": True, **_shows(config, config.sips_port, found, now)},
    ]


def _shows(config: Config, port: int, wanted: certificates.Facts | None, now: datetime) -> dict[str, Any]:
    """What a listener shows to whoever connects."""
    if wanted is None:
        return _SILENT
    try:
        pem = ssl.get_server_certificate((addresses.own(config.listen), port), timeout=PATIENCE_S)
        shown = certificates.facts(pem.encode())
    except (OSError, ValueError):
        return _SILENT
    fresh = shown.fingerprint == wanted.fingerprint
    return {"fresh": fresh, "shown": None if fresh else _shown(shown, now)}
