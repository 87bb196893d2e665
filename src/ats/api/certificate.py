"""«Система → Сертификаты»: what the cabinet and SIP over TLS show of themselves (S248)."""

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from ninja import Field, Router, Schema

from ats.api.gate import ApiRequest, Gate
from ats.api.messages import localised, text
from ats.api.shapes import ERRORS
from ats.certificates import MAX_BYTES
from ats.clients.access import Do
from ats.engine import queries as engine
from ats.errors import Problem
from ats.system import certificate

router = Router(tags=["system"])


class CertificateFacts(Schema):
    """`names`: whom it is for; `days_left` below 0: it is over. `fingerprint`: SHA-256."""

    subject: str
    issuer: str
    names: list[str]
    not_before: datetime
    not_after: datetime
    days_left: int
    self_signed: bool
    fingerprint: str


class CertificateUse(Schema):
    """`on`: served at all. `fresh` false: still the former one (`shown`), SIP until the engine starts anew; null: no
    answer.
    """

    what: Literal["cabinet", "softphone", "sip"]
    port: int
    on: bool
    fresh: bool | None
    shown: CertificateFacts | None


class CertificateOut(Schema):
    """The key is never told. `path`: the operator's file that is followed. `trouble`: why it cannot be taken over.
    `calls_now`: on this node, `node`, would end by a restart of its engine; `other_nodes` are not restarted from here.
    """

    certificate: CertificateFacts | None
    source: Literal["generated", "uploaded", "file"]
    path: str
    https: bool
    uses: list[CertificateUse]
    node: str
    other_nodes: list[str]
    calls_now: int
    trouble: str


class CertificateIn(Schema):
    """PEM texts: the chain, the server's own certificate among it, and the unencrypted key (or in the same text)."""

    certificate: str = Field(max_length=MAX_BYTES)
    key: str = Field("", max_length=MAX_BYTES)


@router.get("", response={200: CertificateOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def get_certificate(request: ApiRequest) -> dict[str, Any]:
    """The certificate that is served, and by whom."""
    return _out(request)


@router.put("", response={200: CertificateOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def upload_certificate(request: ApiRequest, payload: CertificateIn) -> dict[str, Any]:
    """Take an own certificate into use: the cabinet within seconds, SIP over TLS when the engine starts next."""
    certificate.upload(request.auth, payload.certificate, payload.key)
    return _out(request)


@router.delete("", response={200: CertificateOut, **ERRORS}, auth=Gate(Do.SYSTEM))
def delete_certificate(request: ApiRequest) -> dict[str, Any]:
    """Go back to a certificate that the exchange signs itself."""
    certificate.generate(request.auth)
    return _out(request)


def _out(request: ApiRequest) -> dict[str, Any]:
    found = certificate.state()
    language = request.auth.language
    trouble: Problem | None = found["trouble"]
    words = (
        [text(fault.code, language, localised(fault.params, language)) for fault in trouble.fields.values()]
        if trouble
        else []
    )
    node = settings.CONFIG.node_name
    return {
        **found,
        "node": node,
        "other_nodes": engine.nodes_beside(node),
        "calls_now": engine.calls_of(node),
        "trouble": " ".join(words),
    }
