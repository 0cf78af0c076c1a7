"""AWS Signature Version 4, and S3's old query signature: read a request's claim and recompute it.

Facts: the SigV4 process of the AWS General Reference; S3 does not normalise paths and may sign `UNSIGNED-PAYLOAD`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import posixpath
import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from urllib.parse import quote, unquote

from tui_app.embedded_aws.envelope import Envelope
from tui_app.values import frozen

_HEADER = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
_STAMP = "%Y%m%dT%H%M%SZ"
_UNSIGNED_QUERY = frozenset({"X-Amz-Signature"})
_S3_SUBRESOURCES = frozenset(
    [
        "acl",
        "lifecycle",
        "location",
        "logging",
        "notification",
        "partNumber",
        "policy",
        "requestPayment",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
        "cors",
        "delete",
        "tagging",
        "restore",
        "response-content-type",
        "response-content-language",
        "response-expires",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
    ]
)


@frozen
class Credential:
    """The claim of a signed request. `token` is the session token that came with it, empty for none."""

    key_id: str
    date: str  # the day of the credential scope, YYYYMMDD
    region: str
    service: str  # the signing name, lower case
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str  # YYYYMMDDTHHMMSSZ as sent, or epoch seconds for `version` 2
    token: str
    presigned_for: int | None = None  # seconds a presigned URL is good for
    version: int = 4
    fault: str = ""  # what is incomplete about the claim, in AWS's words


def read_credential(request: Envelope) -> Credential | None:
    """What the request claims, from its Authorization header or its query string; None when it is not signed."""
    header = request.header("authorization")
    if header.startswith("AWS4-"):
        parts = dict(_HEADER.findall(header))
        stamp = request.header("x-amz-date") or _stamp_of(request.header("date"))
        return _version_4(parts, stamp, request.header("x-amz-security-token"), None)
    if header and not header.startswith("Bearer "):
        return Credential("", "", "", "", (), "", "", "", fault=f"Unsupported authorization type: {header.split(' ')[0]}")
    if "X-Amz-Credential=" in request.raw_query or "X-Amz-Algorithm=" in request.raw_query:
        query = request.query
        parts = {name: query.get("X-Amz-" + name, "") for name in ("Credential", "SignedHeaders", "Signature")}
        expires = query.get("X-Amz-Expires", "900")
        seconds = int(expires) if expires.isascii() and expires.isdigit() else 0
        return _version_4(parts, query.get("X-Amz-Date", ""), query.get("X-Amz-Security-Token", ""), seconds)
    if "AWSAccessKeyId=" in request.raw_query and "Signature=" in request.raw_query:
        query = request.query
        expires, token = query.get("Expires", ""), query.get("x-amz-security-token", "")
        return Credential(query["AWSAccessKeyId"], "", "us-east-1", "s3", (), query["Signature"], expires, token, 0, version=2)
    return None


def _version_4(parts: dict[str, str], stamp: str, token: str, presigned_for: int | None) -> Credential:
    missing = next((name for name in ("Credential", "Signature", "SignedHeaders") if not parts.get(name)), "")
    scope = parts.get("Credential", "").rsplit("/", 4)
    fault = f"Authorization header requires '{missing}' parameter." if missing else ""
    if not fault and (len(scope) != 5 or scope[4] != "aws4_request"):  # noqa: PLR2004 - key id, day, region, service, terminator
        fault = f"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{parts['Credential']}'"
    if not fault and not stamp:
        fault = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    key_id, date, region, service, _ = scope if len(scope) == 5 else ("", "", "", "", "")  # noqa: PLR2004 - as above
    headers = tuple(name for name in parts.get("SignedHeaders", "").split(";") if name)
    return Credential(key_id, date, region, service.lower(), headers, parts.get("Signature", ""), stamp, token, presigned_for, fault=fault)


def _stamp_of(date: str) -> str:
    """A `Date` header as a SigV4 stamp; an empty text when it is not a date."""
    if re.fullmatch(r"\d{8}T\d{6}Z", date):
        return date
    for shape in ("%a, %d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S %z"):
        try:
            return datetime.strptime(date, shape).replace(tzinfo=UTC).strftime(_STAMP)
        except ValueError:
            continue
    return ""


def signed_at(credential: Credential) -> float | None:
    """Epoch seconds of the signature, None when the stamp is no date."""
    try:
        return datetime.strptime(credential.stamp, _STAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def stamp(moment: float) -> str:
    """Epoch seconds as AWS spells them in signatures: `20260102T030405Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime(_STAMP)


def signature_holds(request: Envelope, credential: Credential, secret: str) -> bool:
    """Whether the signature was made with `secret` over this very request, its body included."""
    if credential.version == 2:  # noqa: PLR2004 - S3's old query signature
        return _version_2_holds(request, credential, secret)
    if credential.date != credential.stamp[:8] or "host" not in credential.signed_headers:
        return False
    payload = _payload_hash(request, credential)
    if payload is None:
        return False
    key = _signing_key(secret, credential.date, credential.region, credential.service)
    scope = f"{credential.date}/{credential.region}/{credential.service}/aws4_request"
    presigned = credential.presigned_for is not None
    for path, query in product(_canonical_paths(request, credential), _canonical_queries(request, presigned=presigned)):
        lines = (request.method, path, query, _canonical_headers(request, credential), payload)
        hashed = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
        wanted = hmac.new(key, f"AWS4-HMAC-SHA256\n{credential.stamp}\n{scope}\n{hashed}".encode(), "sha256").hexdigest()
        if hmac.compare_digest(wanted.encode(), credential.signature.encode("utf-8", "replace")):
            return True
    return False


@lru_cache(maxsize=512)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key


def _payload_hash(request: Envelope, credential: Credential) -> str | None:
    """The payload line; None when the body is not the one that was signed."""
    claimed = request.header("x-amz-content-sha256")
    if credential.presigned_for is not None and credential.service == "s3":
        return claimed or request.query.get("X-Amz-Content-Sha256") or "UNSIGNED-PAYLOAD"
    if claimed.startswith(("UNSIGNED-PAYLOAD", "STREAMING-")):
        return claimed
    actual = hashlib.sha256(request.body).hexdigest()
    return None if claimed and claimed.lower() != actual else actual


def _canonical_paths(request: Envelope, credential: Credential) -> list[str]:
    """The path as it is signed: normalised and encoded once more, but for S3, which takes it as sent or as properly encoded."""
    raw = request.raw_path or "/"
    if credential.service == "s3":
        return list(dict.fromkeys((raw, quote(unquote(raw), safe="/~-_."))))
    normal = re.sub("^/+", "/", posixpath.normpath(raw))
    if raw.endswith("/") and normal != "/":
        normal += "/"
    return [quote(normal, safe="/~-_.")]


def _canonical_queries(request: Envelope, *, presigned: bool) -> list[str]:
    """The query as it was sent and as it is properly encoded: clients differ in what they sign, both say the same."""
    pairs = [tuple(part.split("=", 1)) if "=" in part else (part, "") for part in request.raw_query.split("&") if part]
    if presigned:
        pairs = [pair for pair in pairs if pair[0] not in _UNSIGNED_QUERY]
    sent = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    proper = [(quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")) for name, value in pairs]
    encoded = "&".join(f"{name}={value}" for name, value in sorted(proper))
    return [encoded] if sent == encoded else [encoded, sent]


def _canonical_headers(request: Envelope, credential: Credential) -> str:
    lines = [f"{name}:{' '.join(request.header(name).split())}" for name in credential.signed_headers]
    return "\n".join(lines) + "\n\n" + ";".join(credential.signed_headers)


def _version_2_holds(request: Envelope, credential: Credential, secret: str) -> bool:
    pairs = [(name, value) for name, value in request.query.items() if name in _S3_SUBRESOURCES]
    tail = "&".join(f"{name}={value}" if value else name for name, value in sorted(pairs))
    resource = request.raw_path + ("?" + tail if tail else "")
    extra = [(name[5:].lower().replace("_", "-"), str(value)) for name, value in request.environ.items() if name.startswith("HTTP_X_AMZ_")]
    if credential.token:
        extra.append(("x-amz-security-token", credential.token))
    headers = "".join(f"{name}:{value}\n" for name, value in sorted(extra))
    text = f"{request.method}\n{request.header('content-md5')}\n{request.header('content-type')}\n{credential.stamp}\n{headers}{resource}"
    wanted = base64.b64encode(hmac.new(secret.encode(), text.encode(), "sha1").digest())
    return hmac.compare_digest(wanted, credential.signature.encode("utf-8", "replace"))
