"""The codes of virtual MFA devices: RFC 6238 with six digits, steps of 30 s and SHA-1, as authenticator apps show them."""

from __future__ import annotations

import base64
import binascii
import hmac
import struct

STEP = 30
DIGITS = 6


def code_at(seed: str, step: int) -> str:
    """The six digits of one 30 s step; `seed` is Base32."""
    try:
        key = base64.b32decode(seed.upper() + "=" * (-len(seed) % 8))
    except binascii.Error:
        key = seed.encode()
    digest = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
    place = digest[-1] & 15
    number: int = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:06d}"


def shown_at(seed: str, now: float) -> tuple[str, int]:
    """What an authenticator shows at `now` (epoch seconds), and for how many more seconds."""
    step, gone = divmod(int(now), STEP)
    return code_at(seed, step), STEP - gone
