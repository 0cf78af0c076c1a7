"""One HTTP request as it came: method, path, headers, parameters, body."""

from __future__ import annotations

import io
import json
import re
import uuid
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

Environ = dict[str, Any]
"""A WSGI environment."""


class Envelope:
    """What was sent, before anybody asks who sent it or what for. The body is read once; `moto_environ()` hands a fresh copy on."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self.method: str = environ.get("REQUEST_METHOD", "GET")
        self.path: str = environ.get("PATH_INFO", "/").encode("latin-1", "replace").decode("utf-8", "replace") or "/"
        uri = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
        uri = re.sub(r"^https?://[^/?]*", "", uri)
        self.raw_path: str = uri.split("?", 1)[0] or environ.get("PATH_INFO", "/") or "/"
        self.raw_query: str = environ.get("QUERY_STRING", "")
        self.ip: str = environ.get("REMOTE_ADDR", "127.0.0.1")
        self.body: bytes = _read_body(environ)
        self.id = str(uuid.uuid4())

    def header(self, name: str) -> str:
        """The header's value, an empty text when it was not sent."""
        key = name.upper().replace("-", "_")
        return str(self.environ.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key) or "")

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the query string, decoded."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @cached_property
    def params(self) -> dict[str, str]:
        """The parameters of a query-protocol request: the form in the body, else the query string."""
        if "urlencoded" in self.header("content-type"):
            form = dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
            if form:
                return {**self.query, **form}
        return self.query

    @cached_property
    def json(self) -> dict[str, Any]:
        """The JSON object of the body; an empty one when there is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def members(self, name: str) -> list[str]:
        """The values of a query-protocol list: `Name.member.1`, `Name.member.2`, …, in their order."""
        found = [(int(key.rsplit(".", 1)[1]), value) for key, value in self.params.items() if re.fullmatch(rf"{name}(\.member)?\.\d+", key)]
        return [value for _, value in sorted(found)]

    def structures(self, name: str) -> list[dict[str, str]]:
        """The values of a query-protocol list of structures: `Tags.member.1.Key=a` becomes `[{"Key": "a"}]`."""
        found: dict[int, dict[str, str]] = {}
        for key, value in self.params.items():
            if match := re.fullmatch(rf"{name}(?:\.member)?\.(\d+)\.(.+)", key):
                found.setdefault(int(match[1]), {})[match[2]] = value
        return [found[index] for index in sorted(found)]

    def moto_environ(self, **changes: str) -> Environ:
        """A WSGI environment that moto can read from the start, with our own headers taken off and `changes` put on."""
        environ = {**self.environ, "wsgi.input": io.BytesIO(self.body), "CONTENT_LENGTH": str(len(self.body)), **changes}
        for ours in ("HTTP_X_ROLEDECK_DEMO", "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
            environ.pop(ours, None)
        return environ


def _read_body(environ: Environ) -> bytes:
    stream = environ.get("wsgi.input")
    if stream is None:
        return b""
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length.isdigit():
        return bytes(stream.read(int(length)))
    return bytes(stream.read()) if environ.get("HTTP_TRANSFER_ENCODING") else b""
