"""The cabinet: a single-page application whose every address gives the same index.html."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ats.api.messages import language_of

_NOT_BUILT = {
    "ru": "Кабинет ещё не собран. Выполните ./ats up. API: /api/docs",
    "en": "The cabinet is not built yet. Run ./ats up. API: /api/docs",
}


def index(request: HttpRequest) -> HttpResponse:
    """index.html for any address that is not the API's and not a file's."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    page = settings.CONFIG.web_dir / "index.html"
    last = request.path.rsplit("/", 1)[-1]
    if request.path.startswith("/assets/") or "." in last:
        return HttpResponse(status=404)
    if not page.is_file():
        return HttpResponse(_NOT_BUILT[language_of(request)], "text/plain; charset=utf-8", status=503)
    response = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"  # the page names hashed assets: it must never be stale
    return response
