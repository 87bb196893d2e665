"""Addresses of the web process: the API, and the cabinet for everything else."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from ats.api.app import api, error_response
from ats.api.spa import index


def no_such_operation(request: HttpRequest) -> HttpResponse:
    """An unknown address of the API is an error in the API's shape, not the cabinet's page."""
    return error_response(request, 404, "not_found")


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", no_such_operation),  # ninja answers its root with an HTML page
    path("api/", api.urls),
    re_path(r"^api(?:/.*)?$", no_such_operation),
    re_path(r"^.*$", index),
]
