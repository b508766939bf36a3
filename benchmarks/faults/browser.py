"""Somebody at a browser: signs in, keeps cookies, posts forms as the pages' own scripts do."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import zlib
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode

HOST = "127.0.0.1"
_SUCCESS = 25


class Lost(Exception):
    """No answer came: whether the act was done is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, place of a redirection, body, and the messages that wait for the next page."""

    status: int
    location: str
    body: bytes
    messages: tuple[tuple[int, str], ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether a posted form was redirected with a message of success."""
        return self.status == 302 and any(level == _SUCCESS for level, _ in self.messages)

    def json(self) -> dict[str, object]:
        return dict(json.loads(self.body))


class Browser:
    """One person's session over a kept connection."""

    def __init__(self, port: int, timeout: float = 30.0) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self, name: str, password: str) -> None:
        self.get("/login/")
        answer = self.post("/login/", {"username": name, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{name} cannot sign in: {answer.status}")

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, object], *, script: bool = False) -> Answer:
        """A form; ``script`` asks for JSON, as the entry grid's script does."""
        body = urlencode([(name, one) for name, value in fields.items() for one in _each(value)]).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded", script)

    def upload(self, path: str, fields: dict[str, str], field: str, name: str, content: bytes) -> Answer:
        """A form with a file."""
        mark = secrets.token_hex(12)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        parts += [f"--{mark}\r\n{head}\r\n\r\n".encode(), content, f"\r\n--{mark}--\r\n".encode()]
        return self._ask("POST", path, b"".join(parts), f"multipart/form-data; boundary={mark}", False)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", script: bool = False
    ) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["Accept"] = "application/json" if script else "text/html"
        if body is not None:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        response, content = self._sent(method, quote(path, safe="/?&=%:-._~"), body, headers)
        self._keep(response)
        told = messages_in(self.cookies.pop("messages", "")) if body is not None else ()
        return Answer(response.status, response.getheader("Location") or "", content, told)

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer; a kept connection that was closed meanwhile is opened anew, as browsers do."""
        kept = self._connection is not None
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=self.timeout)
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if kept and isinstance(error, ConnectionError):
                return self._sent(method, path, body, headers)
            raise Lost(repr(error)) from None

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def messages_in(cookie: str) -> tuple[tuple[int, str], ...]:
    """Level and text of the messages that Django left in its signed cookie."""
    packed = cookie.strip('"').split(":")[0]
    if not packed:
        return ()
    squeezed = packed.startswith(".")
    raw = base64.urlsafe_b64decode(packed.lstrip(".") + "=" * (-len(packed.lstrip(".")) % 4))
    rows = json.loads(zlib.decompress(raw) if squeezed else raw)
    return tuple((row[2], row[3]) for row in rows)


def _each(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
