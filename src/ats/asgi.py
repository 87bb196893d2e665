"""ASGI entry for the web process."""

import ctypes
import json
import multiprocessing
import os
import signal
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

from ats import websip

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")
os.environ["ATS_PROCESS"] = "web"  # settings give this process a connection pool

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# WhiteNoise hands files over as synchronous iterators; they are small and cached by browsers.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

_PR_SET_PDEATHSIG = 1  # prctl(2)
MAX_BODY_MB = 22  # an upload of 20 MB and what is around it
_TOO_LARGE = json.dumps(
    {
        "code": "too_large",
        "message": f"Слишком большой запрос: не больше {MAX_BODY_MB} МБ. · Too large: {MAX_BODY_MB} MB at most.",
        "fields": {},
    },
    ensure_ascii=False,
).encode()


class _TooLarge(Exception):
    pass


class LimitedBody:
    """Refuses larger request bodies while they arrive: Django would first put all of it on the disk."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _answer_lifespan(receive, send)
            return
        if scope["type"] == "websocket":
            await websip.serve(scope, receive, send, settings.CONFIG.http_port)
            return
        limit = MAX_BODY_MB * 1024 * 1024
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _refuse(send)
            return
        taken = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body") or b"")
            if taken > limit:
                raise _TooLarge
            return message

        try:
            await self.application(scope, counted, send)
        except _TooLarge:
            await _refuse(send)


async def _answer_lifespan(receive: Receive, send: Send) -> None:
    """Servers announce start and stop; Django does not know these messages."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LARGE})


def _die_with_parent() -> None:
    """End a server's worker when its main process is killed: it would go on holding the port, unseen."""
    if multiprocessing.parent_process() is not None:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


_die_with_parent()
application = LimitedBody(get_asgi_application())
