"""What comes with a good status and is no answer of AWS all the same: pages for people, errors of gateways, nothing at all.

botocore takes each of them for an answer without rows, which would stand on the screen as an empty account.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

_ERROR_WORDS = frozenset({"__type", "error", "errormessage", "message"})
"""What errors in JSON call themselves, in small letters."""
_ERROR_ROOT = re.compile(
    rb"(?:<\?.*?\?>|<!--.*?-->|\s)*<(?:error|errorresponse|response|html|!doctype html)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
"""How errors in XML begin, whatever the protocol (`Response` is EC2's), and pages."""
_LOOKED_AT = 4096
"""Bytes in which XML has begun."""
_CBOR_MAP = 5
"""The major type of a map, in the first three bits (RFC 8949, section 3.1)."""


def refuse_what_is_no_answer(http_response: Any, model: Any, **_rest: object) -> None:
    """Refuse what botocore, for whom this is the event `after-call`, would take for an empty answer of the operation `model`.

    Raises:
        ValueError: it is none; `tui_app.aws.faults.told` knows what to say then.
    """
    if model.has_streaming_output or http_response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        return
    body = http_response.content.strip()
    if _ERROR_ROOT.match(body[:_LOOKED_AT]) or (not body and _has_a_body(model)):
        raise ValueError
    protocol = model.service_model.resolved_protocol  # of several, the one that botocore speaks
    if body and protocol.endswith("json"):
        _refuse_other_json(json.loads(body), model.output_shape)
    if body and protocol.endswith("cbor") and body[0] >> 5 != _CBOR_MAP:
        raise ValueError


def _has_a_body(model: Any) -> bool:
    """Whether the operation's answers do not fit into headers and status."""
    if model.output_shape is None or model.http.get("method") == "HEAD":
        return False
    return any("location" not in member.serialization for member in model.output_shape.members.values())


def _refuse_other_json(told: object, shape: Any) -> None:
    """Refuse JSON that tells of an error and has nothing of the answer in it.

    Raises:
        ValueError: it is none.
    """
    if shape is not None and "payload" in shape.serialization:
        return  # it may be anything
    held = set(told) if isinstance(told, dict) else None
    members = shape.members.items() if shape is not None else ()
    names = {member.serialization.get("name", name) for name, member in members}
    if held is None or (names and not names & held and _ERROR_WORDS & {name.casefold() for name in held}):
        raise ValueError
