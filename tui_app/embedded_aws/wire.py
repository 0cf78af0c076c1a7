"""One HTTP request as AWS reads it, and one answer as AWS writes it: no moto, no botocore, quick to import."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from tui_app.embedded_aws import actions
from tui_app.embedded_aws.envelope import Envelope, Environ
from tui_app.embedded_aws.signature import Credential, read_credential
from tui_app.values import frozen

STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"

_OBJECT_PATH = re.compile(r"/(?!\d{4}-\d\d-\d\d/|v\d/|service/|_demo/)[a-z0-9][a-z0-9.-]{2,62}(/|$)")
"""What an unsigned request for a bucket or an object looks like, and one for another REST service does not."""
_VERSIONS = {"2011-06-15": "sts", "2010-05-08": "iam", "2016-11-15": "ec2"}
"""Whose query API has that version, for unsigned requests, which name no service."""
_CBOR_PATH = re.compile(r"/service/(\w+)/operation/(\w+)")


class AwsError(Exception):
    """A refusal in AWS's words; the gate spells it as the protocol of the request does."""

    def __init__(self, code: str, message: str, status: int = 400, *, spelled: bool = False) -> None:
        """`spelled`: the code and the message are already those of this service, whatever the protocol."""
        super().__init__(code)
        self.code, self.message, self.status, self.spelled = code, message, status, spelled


@frozen
class Answer:
    """A complete HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    code: str = field(default="", compare=False)  # AWS's error code, empty when the request was granted
    message: str = field(default="", compare=False)  # AWS's sentence to it

    def header(self, name: str) -> str:
        """The first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_headers(self, *more: tuple[str, str]) -> Answer:
        """The same answer with `more` headers."""
        return replace(self, headers=self.headers + more)


class AwsRequest(Envelope):
    """A parsed request: who claims to have sent it, and what it asks for."""

    def __init__(self, environ: Environ) -> None:
        super().__init__(environ)
        self._credential: Credential | None = read_credential(self)
        self._named: tuple[str, str] | None = None
        self.noted = False  # whether the call is in the trail already
        self.claimed: Any = None  # the Caller that the key id belongs to, proved or not

    @property
    def credential(self) -> Credential | None:
        """Who claims to have signed the request; None for an unsigned one."""
        return self._credential

    @property
    def key_id(self) -> str:
        """The access key id, empty for an unsigned request."""
        return self._credential.key_id if self._credential else ""

    @property
    def region(self) -> str:
        """The region of the credential scope."""
        return (self._credential.region if self._credential else "") or "us-east-1"

    @property
    def service(self) -> str:
        """The signing name (`sts`, `monitoring`, `access-analyzer`); what `name()` said for an unsigned path."""
        if self._named:
            return self._named[0]
        if self._credential:
            return self._credential.service
        if self.params.get("Action") in actions.UNSIGNED_STS:
            return "sts"
        if self.params.get("Action") or self.header("x-amz-target"):
            return _VERSIONS.get(self.params.get("Version", ""), "")
        return "s3" if _OBJECT_PATH.match(self.path) or self.path == "/" else ""

    @cached_property
    def _own_action(self) -> str:
        if action := self.params.get("Action"):
            return action
        if target := self.header("x-amz-target"):
            return target.rsplit(".", 1)[-1]
        if match := _CBOR_PATH.fullmatch(self.path):
            return match[2]
        return actions.rest_action(self, self.service) if self.service else ""

    @property
    def action(self) -> str:
        """The API operation (`AssumeRole`, `ListBuckets`), empty when the request names none."""
        return self._named[1] if self._named else self._own_action

    def name(self, service: str, action: str) -> None:
        """Say what an unsigned path stands for, so that faults and records can name it."""
        self._named = (service, action)

    @property
    def protocol(self) -> str:
        """`query`, `ec2`, `json`, `cbor`, `rest-xml` or `rest-json`: how this request wants to be answered."""
        if "cbor" in self.header("smithy-protocol"):
            return "cbor"
        if self.header("x-amz-target"):
            return "json"
        if self.service == "ec2":
            return "ec2"
        if self.params.get("Action") and self.service != "s3":
            return "query"
        return "rest-xml" if self.service in ("s3", "route53", "cloudfront") else "rest-json"

    def replaced_form(self, **fields: str) -> AwsRequest:
        """The same request with form fields added; the signature was checked before."""
        from urllib.parse import urlencode

        body = urlencode({**self.params, **fields}).encode()
        changed = {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8", "REQUEST_METHOD": "POST"}
        environ = {**self.moto_environ(**changed), "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return AwsRequest(environ)


def path_segments(request: AwsRequest) -> list[str]:
    """The decoded segments of the path as it was sent, so that an encoded slash stays inside its segment."""
    return [unquote(part) for part in request.raw_path.split("/") if part]


def json_answer(value: object, status: int = 200, content_type: str = "application/x-amz-json-1.1") -> Answer:
    """A JSON answer; `application/json` is what rest-json services send."""
    return Answer(status, (("Content-Type", content_type),), json.dumps(value).encode())


def text_answer(text: str, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Answer:
    """A page or a plain text."""
    return Answer(status, (("Content-Type", content_type),), text.encode())


def query_answer(request: AwsRequest, result: str = "", namespace: str = STS_NAMESPACE) -> Answer:
    """The XML envelope of the query protocol round `result`, which is XML already."""
    name = request.action
    inner = f"<{name}Result>{result}</{name}Result>"
    meta = f"<ResponseMetadata><RequestId>{request.id}</RequestId></ResponseMetadata>"
    body = f'<{name}Response xmlns="{namespace}">{inner}{meta}</{name}Response>'
    return Answer(200, (("Content-Type", "text/xml"),), body.encode())


def element(name: str, value: object) -> str:
    """`<Name>value</Name>`: a text is escaped; None gives nothing; a list becomes members; a mapping its elements; booleans lower case."""
    if value is None:
        return ""
    return f"<{name}>{_content(value)}</{name}>"


def elements(values: Mapping[str, object]) -> str:
    """Several elements in their order."""
    return "".join(element(name, value) for name, value in values.items())


def _content(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return elements(value)
    if isinstance(value, (list, tuple)):
        return "".join(element("member", item) for item in value)
    return escape(str(value))


def capture(app: Callable[..., Iterable[bytes]], environ: Environ) -> Answer:
    """Run a WSGI application and collect what it answers."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _failed: object = None) -> Callable[[bytes], object]:
        started.append((status, headers))
        return written.append

    chunks = app(environ, start)
    try:
        written.extend(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, headers = started[-1]
    return Answer(int(status.split(" ", 1)[0]), tuple(headers), b"".join(written))
