"""Carries events to webhooks, each batch until the receiver says 2xx; an errand of the worker.

Signature: header `X-ATS-Signature: t=<unix seconds>,v1=<hex>`, the HMAC-SHA256 of `<t>.<body>` with the hook's secret.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import socket
import ssl
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from django_scopes import scopes_disabled

from ats.webhooks.events import Event, pending
from ats.webhooks.models import Webhook

log = logging.getLogger("ats.webhooks")

POLL_S = 1.0
TIMEOUT_S = 10
_DELAYS_S = (2, 5, 15, 60, 300, 900)  # then every quarter of an hour


class Refused(OSError):
    """The receiver did not take the events; the text says why."""


def deliver_due() -> int:
    """One batch to every webhook that is due; returns how many events were taken."""
    taken = 0
    with scopes_disabled():  # the courier serves every client; `pending` chooses what is whose
        due = Webhook.objects.filter(
            is_active=True, client__is_active=True, next_try_at__lte=timezone.now()
        ).select_related("client")
        for hook in list(due):
            taken += _deliver(hook)
    return taken


def _deliver(hook: Webhook) -> int:
    events, cursors = pending(hook)
    if not events:
        return 0
    now = timezone.now()
    rows = Webhook.objects.filter(pk=hook.pk)
    try:
        send(hook, events)
    except (OSError, http.client.HTTPException) as error:
        wait = _DELAYS_S[min(hook.failures, len(_DELAYS_S) - 1)]
        rows.update(
            failures=hook.failures + 1,
            error=(str(error) or type(error).__name__)[:300],
            next_try_at=now + timedelta(seconds=wait),
        )
        log.warning("webhook %s: %s; again in %s s", hook.pk, error, wait)
        return 0
    rows.update(failures=0, error="", delivered_at=now, next_try_at=now, **cursors)
    return len(events)


def send(hook: Webhook, events: list[Event]) -> None:
    """POST the events. Raises OSError or HTTPException unless the answer is 2xx; redirects are not followed."""
    body = json.dumps({"events": events}, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    parts = urlsplit(hook.url)
    link = _connect(str(parts.hostname), parts.port, parts.scheme == "https", hook.trusted)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Canmos-ATS",
            "X-ATS-Signature": f"t={stamp},v1={signature(hook.secret, stamp, body)}",
        }
        link.request("POST", target, body, headers)
        answer = link.getresponse()
        answer.read(4096)
        if not 200 <= answer.status < 300:
            raise Refused(f"HTTP {answer.status}")
    finally:
        link.close()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of `<stamp>.<body>`."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _connect(host: str, port: int | None, tls: bool, trusted: bool) -> http.client.HTTPConnection:
    """A connection to an address of the host that may be reached.

    The name is looked up here, once: a client's name that means our own network must not become a way into it.
    """
    number = port or (443 if tls else 80)
    found = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    allowed = [one for one in addresses if trusted or ipaddress.ip_address(one).is_global]
    if not allowed:
        raise Refused("private address")
    stream = socket.create_connection((allowed[0], number), TIMEOUT_S)
    if tls:
        stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    link = http.client.HTTPConnection(host, number, timeout=TIMEOUT_S)
    link.sock = stream
    return link
