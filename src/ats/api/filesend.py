"""Files for a browser: whole, or the part it asks for (so that sound can be wound to any place)."""

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)


def file_response(request: HttpRequest, path: Path, kind: str, name: str = "") -> HttpResponse:
    """The file, with RFC 9110 single ranges. With `name` the browser saves it under that name."""
    size = path.stat().st_size
    wanted = _RANGE.match(request.headers.get("Range", ""))
    if wanted and (wanted[1] or wanted[2]):
        first = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
        last = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
        if first > last:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        with path.open("rb") as handle:
            handle.seek(first)
            response = HttpResponse(handle.read(last - first + 1), status=206, content_type=kind)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    else:
        response = HttpResponse(path.read_bytes(), content_type=kind)
    response["Accept-Ranges"] = "bytes"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
