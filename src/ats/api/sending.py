"""Sound files as answers: whole or a byte range, so a player can jump (RFC 9110, 14)."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from ats.api.gate import ApiRequest
from ats.api.shapes import binary

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")
PIECE = 4 << 20
AUDIO = binary("audio/wav", "audio/mpeg")


def send_file(request: ApiRequest, path: Path, kind: str = "audio/wav") -> HttpResponseBase:
    """The file, or the range that header Range asks for, of which at most PIECE bytes: players ask on by themselves."""
    size = path.stat().st_size
    asked = _RANGE.match(request.headers.get("Range", ""))
    response: HttpResponseBase
    if asked is None or not (asked[1] or asked[2]):
        if size <= PIECE:
            response = HttpResponse(path.read_bytes(), content_type=kind)
        else:
            response = StreamingHttpResponse(_pieces(path), content_type=kind)
            response["Content-Length"] = str(size)
    else:
        first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
        last = min(int(asked[2]) if asked[1] and asked[2] else size - 1, size - 1, first + PIECE - 1)
        if first > last:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            with path.open("rb") as source:
                source.seek(first)
                response = HttpResponse(source.read(last + 1 - first), status=206, content_type=kind)
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    return response


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """A long file bit by bit: a plain iterator would be read into memory as a whole first."""
    with path.open("rb") as source:
        while data := await asyncio.to_thread(source.read, PIECE):
            yield data
