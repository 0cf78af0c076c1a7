"""Proofs of possession (DPoP, RFC 9449): whoever shows a token signs the request with the key that the token was given to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from tui_app.values import frozen

SKEW = 300.0
"""Seconds that a proof may be old, or ahead."""
_SIZE = 32


class BadProof(Exception):
    """The proof is none; `args[0]` says why."""


@frozen
class Proof:
    """A proof whose signature holds: the thumbprint of its key (RFC 7638), and its own id."""

    thumbprint: str
    id: str


def checked(proof: str, method: str, url: str, now: float) -> Proof:
    """The proof in a DPoP header, for a request of that method and URL.

    Raises:
        BadProof: it is for another request, of another time, or not signed by the key in it.
    """
    try:
        head, body, signature = proof.split(".")
        header, claims = _object(head), _object(body)
    except ValueError:
        raise BadProof("it is no JWT") from None
    if (header.get("typ"), header.get("alg")) != ("dpop+jwt", "ES256"):
        raise BadProof("its typ or alg is another")
    _verify(_public_key(header.get("jwk")), f"{head}.{body}".encode(), _bytes(signature))
    if (claims.get("htm"), claims.get("htu")) != (method, url):
        raise BadProof("it is for another request")
    made, unique = claims.get("iat"), claims.get("jti")
    if not isinstance(made, int) or abs(now - made) > SKEW:
        raise BadProof("it is not of this time")
    if not isinstance(unique, str) or not unique:
        raise BadProof("it has no id")
    return Proof(thumbprint(header["jwk"]["x"], header["jwk"]["y"]), unique)


def new_key() -> tuple[str, str]:
    """A key as the AWS CLI keeps it (SEC 1, PEM), and its thumbprint."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    numbers = key.public_key().public_numbers()
    return pem, thumbprint(*(_base64(number.to_bytes(_SIZE, "big")) for number in (numbers.x, numbers.y)))


def thumbprint(x: str, y: str) -> str:
    """The name of a P-256 key."""
    members = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"))
    return _base64(hashlib.sha256(members.encode()).digest())


def _public_key(jwk: Any) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256") or "d" in jwk:
        raise BadProof("its key is none of P-256")
    x, y = (_bytes(jwk.get(name)) for name in ("x", "y"))
    try:
        return ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()).public_key()
    except ValueError:
        raise BadProof("its key is not on the curve") from None


def _verify(key: Any, signed: bytes, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.hashes import SHA256

    if len(signature) != 2 * _SIZE:
        raise BadProof("its signature is none of ES256")
    parts = (int.from_bytes(signature[:_SIZE], "big"), int.from_bytes(signature[_SIZE:], "big"))
    try:
        key.verify(utils.encode_dss_signature(*parts), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise BadProof("its signature does not hold") from None


def _object(part: str) -> dict[str, Any]:
    value = json.loads(_bytes(part))
    if not isinstance(value, dict):
        raise ValueError(part)  # noqa: TRY004 - one kind of failure
    return value


def _bytes(text: Any) -> bytes:
    try:
        return base64.urlsafe_b64decode(f"{text}==")
    except (binascii.Error, ValueError):
        raise BadProof("a part of it is not base64") from None


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
