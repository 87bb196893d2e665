"""A small HTTP client for tests: talks to a running instance as a browser or an integration would."""

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


class ApiError(Exception):
    """A non-2xx answer: `status` and the decoded body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Api:
    """Logs in by session with CSRF, then `get("/clients")`, `post("/clients", {...})` and so on."""

    def __init__(self, base: str, trusted: Path | None = None) -> None:
        """`trusted`: over HTTPS the certificate that must be shown, whose names must fit."""
        self.base = base
        self._trusted = trusted
        self._cookies: dict[str, str] = {}

    def stranger(self) -> "Api":
        """Somebody else at the same place, not logged in."""
        return Api(self.base, self._trusted)

    def login(self, login: str, password: str) -> Any:
        self.get("/auth/session")
        return self.post("/auth/login", {"login": login, "password": password})

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def get_bytes(self, path: str) -> bytes:
        """A file as it is."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        request = urllib.request.Request(f"{self.base}/api{path}", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30, context=self._context()) as response:  # noqa: S310
            data: bytes = response.read()
        return data

    def post(self, path: str, body: object = None) -> Any:
        return self._ask("POST", path, body)

    def put(self, path: str, body: object) -> Any:
        return self._ask("PUT", path, body)

    def patch(self, path: str, body: object) -> Any:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path, None)

    def upload(self, path: str, fields: dict[str, str], filename: str, data: bytes) -> Any:
        """POST multipart/form-data with one part `file`."""
        boundary = "----ats-test-boundary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        raw = b"".join([*parts, head.encode(), data, f"\r\n--{boundary}--\r\n".encode()])
        return self._ask("POST", path, raw, f"multipart/form-data; boundary={boundary}")

    def _ask(self, method: str, path: str, body: object, kind: str = "application/json") -> Any:
        headers = {"Content-Type": kind, "Accept-Language": "en", "Origin": self.base}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if token := self._cookies.get("csrftoken"):
            headers["X-CSRFToken"] = token
        request = urllib.request.Request(  # noqa: S310 - always our own loopback address
            f"{self.base}/api{path}",
            data=body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30, context=self._context()) as response:  # noqa: S310
                self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
                return _decode(response.read())
        except urllib.error.HTTPError as error:
            self._keep_cookies(error.headers.get_all("Set-Cookie") or [])
            raise ApiError(error.code, _decode(error.read())) from error

    def _context(self) -> ssl.SSLContext | None:
        return None if self._trusted is None else ssl.create_default_context(cafile=str(self._trusted))

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value


def _decode(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
