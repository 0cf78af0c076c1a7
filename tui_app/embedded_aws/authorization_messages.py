"""Encoded authorization messages: what EC2 hides in a refusal, and DecodeAuthorizationMessage opens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import zlib
from typing import Any

_SEAL = secrets.token_bytes(32)


def sealed(details: dict[str, Any]) -> str:
    """Details of a denial as an encoded message that only this process can read."""
    packed = zlib.compress(json.dumps(details).encode())
    return base64.urlsafe_b64encode(hmac.new(_SEAL, packed, hashlib.sha256).digest() + packed).decode().rstrip("=")


def opened(message: str) -> str | None:
    """The JSON text in an encoded message; None when it is none of ours."""
    try:
        raw = base64.urlsafe_b64decode(message + "=" * (-len(message) % 4))
    except (binascii.Error, ValueError):
        return None
    seal, packed = raw[:32], raw[32:]
    return zlib.decompress(packed).decode() if hmac.compare_digest(seal, hmac.new(_SEAL, packed, hashlib.sha256).digest()) else None
