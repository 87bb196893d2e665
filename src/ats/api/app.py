"""The API: its routers, the shape of its errors, and the guard around every operation."""

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import from_json, to_json

from ats import __version__
from ats.api import (
    audit,
    backups,
    billing,
    call_control,
    calls,
    campaigns,
    certificate,
    choices,
    classifiers,
    clients,
    codes,
    conferences,
    dialplan,
    engine,
    faxes,
    forwardings,
    health,
    holidays,
    limits,
    lookup,
    mailboxes,
    menus,
    meta,
    money,
    network,
    numbers,
    packages,
    pickup,
    planning,
    ports,
    queue_live,
    queues,
    radius,
    recordings,
    remote,
    routes,
    security,
    session,
    sounds,
    statements,
    system,
    users,
    webhooks,
)
from ats.api.faults import field_faults
from ats.api.gate import Gate, enter_scope
from ats.api.messages import language_of, localised, text
from ats.clients.access import Do
from ats.errors import Fault, Problem

log = logging.getLogger("ats.api")


class Api(NinjaAPI):
    """NinjaAPI with short operation ids: they become function names in the typed client."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of the API, to be read only."""
        return self._described(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    @cache  # noqa: B019 - there is one such object. Describing takes a second of CPU, and anybody may ask.
    def _described(self, path_prefix: str) -> OpenAPISchema:
        return super().get_openapi_schema(path_prefix=path_prefix)


class JsonRenderer(BaseRenderer):
    """Fast, and Cyrillic stays Cyrillic."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


class JsonParser(Parser):
    """Strict: text that no database could store (lone surrogates) is refused with the rest of bad JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        return from_json(request.body)


api = Api(
    title="Canmos ATS",
    version=__version__,
    description="Sessions with CSRF, or `Authorization: Bearer <token>`.",
    urls_namespace="api",
    renderer=JsonRenderer(),
    parser=JsonParser(),
    auth=Gate(Do.SELF),  # an operation that names nothing is at least not open to strangers
)
api.add_decorator(enter_scope)
api.add_router("/health", health.router)
api.add_router("/meta", meta.router)
api.add_router("/auth", session.router)
api.add_router("/auth", security.router)
api.add_router("/security", security.policy_router)
for router in (
    clients.router,
    users.router,
    security.user_router,
    numbers.router,
    dialplan.router,
    planning.router,
    classifiers.router,
    forwardings.router,
    holidays.router,
    ports.router,
    queues.router,
    queue_live.router,
    pickup.router,
    conferences.router,
    sounds.router,
    menus.router,
    mailboxes.router,
    faxes.router,
    packages.router,
    calls.router,
    campaigns.router,
    recordings.router,
    call_control.router,
    money.router,
    radius.client_router,
    statements.client_router,
    audit.router,
    network.client_router,
    remote.router,
    limits.router,
    lookup.router,
    choices.router,
    webhooks.router,
):
    api.add_router("/clients", router)
api.add_router("/pool", numbers.pool_router)
api.add_router("/routes", routes.router)
api.add_router("/billing", billing.router)
api.add_router("/billing", statements.router)
api.add_router("/radius", radius.router)
api.add_router("/network", network.router)
api.add_router("/codes", codes.router)
api.add_router("/fraud", limits.fraud_router)
api.add_router("/system/backups", backups.router)
api.add_router("/system/certificate", certificate.router)
api.add_router("/system/engine", engine.router)
api.add_router("/system", system.router)


def error_response(
    request: HttpRequest,
    status: int,
    code: str,
    params: dict[str, Any] | None = None,
    fields: dict[str, Fault] | None = None,
) -> HttpResponse:
    """A refusal in the one shape all of them have, in the user's language."""
    language = language_of(request)
    body = {
        "code": code,
        "message": text(code, language, localised(params or {}, language)),
        "fields": {
            path: text(fault.code, language, localised(fault.params, language))
            for path, fault in (fields or {}).items()
        },
    }
    return api.create_response(request, body, status=status)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    response = error_response(request, problem.status, problem.code, dict(problem.params), problem.fields)
    if problem.retry_after_s is not None:
        response["Retry-After"] = str(problem.retry_after_s)
    return response


@api.exception_handler(ValidationError)
def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return error_response(request, 422, "invalid", fields=field_faults(error.errors))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, _: Http404) -> HttpResponse:
    return error_response(request, 404, "not_found")


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return error_response(request, error.status_code, "bad_request")


@api.exception_handler(MultiPartParserError)
def on_bad_upload(request: HttpRequest, _: MultiPartParserError) -> HttpResponse:
    return error_response(request, 400, "bad_request")


@api.exception_handler(SuspiciousOperation)
def on_suspicious(request: HttpRequest, _: SuspiciousOperation) -> HttpResponse:
    return error_response(request, 400, "bad_request")


@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, _: RequestDataTooBig) -> HttpResponse:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return error_response(request, 413, "too_large", {"limit": limit})


@api.exception_handler(Exception)
def on_anything(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing of the error goes out: it may hold another client's data."""
    log.exception("request failed: %s %s", request.method, request.path, exc_info=error)
    return error_response(request, 500, "server_error")
