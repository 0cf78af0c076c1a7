"""The limits that STS checks before anything else, with AWS's sentence for each (botocore's STS model; aws sts API reference)."""

from __future__ import annotations

import math
import re
import zlib

from tui_app.embedded_aws.wire import AwsError, AwsRequest
from tui_app.values import frozen

NAME = r"[\w+=,.@-]*"
CHAINED_LIMIT = 3600
PACKED_LIMIT = 2048
PACKED_TAG_LIMIT = 1024
MOST_TAGS = 50
MOST_POLICIES = 10


@frozen
class Limit:
    """What one parameter may be: its length, or its value for a number, and its pattern."""

    parameter: str
    least: int
    most: int
    pattern: str = ""
    number: bool = False
    required: bool = False


SESSION_NAME = Limit("RoleSessionName", 2, 64, NAME, required=True)
DURATION = Limit("DurationSeconds", 900, 43200, number=True)
LONG_DURATION = Limit("DurationSeconds", 900, 129600, number=True)
MFA_LIMITS = (Limit("SerialNumber", 9, 256, r"[\w+=/:,.@-]*"), Limit("TokenCode", 6, 6, r"[\d]*"))
ASSUME_ROLE = (
    Limit("RoleArn", 20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]+", required=True),
    SESSION_NAME,
    DURATION,
    Limit("ExternalId", 2, 1224, r"[\w+=,.@:\/-]*"),
    *MFA_LIMITS,
    Limit("SourceIdentity", 2, 64, NAME),
    Limit("Policy", 1, 10 * PACKED_LIMIT, r"[\u0009\u000A\u000D\u0020-\u00FF]+"),
)
SESSION_TOKEN = (LONG_DURATION, *MFA_LIMITS)
FEDERATION_TOKEN = (Limit("Name", 2, 32, NAME, required=True), LONG_DURATION, Limit("Policy", 1, 10 * PACKED_LIMIT))
KEY_INFO = (Limit("AccessKeyId", 16, 128, r"[\w]*", required=True),)
DECODE = (Limit("EncodedMessage", 1, 10240, required=True),)


def check(request: AwsRequest, limits: tuple[Limit, ...]) -> None:
    """Refuse a request that breaks a limit, naming every one it breaks.

    Raises:
        AwsError: ValidationError.
    """
    broken = [sentence for limit in limits for sentence in _broken(request.params.get(limit.parameter), limit)]
    if broken:
        count = f"{len(broken)} validation error{'s' if len(broken) > 1 else ''} detected: "
        raise AwsError("ValidationError", count + "; ".join(broken), 400)


def _broken(value: str | None, limit: Limit) -> list[str]:
    member = limit.parameter[:1].lower() + limit.parameter[1:]
    if value is None:
        return [f"Value null at '{member}' failed to satisfy constraint: Member must not be null"] if limit.required else []
    said = f"Value '{value}' at '{member}' failed to satisfy constraint: Member must "
    if limit.number:
        if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
            return [said + "be an integer"]
        return _outside(int(value), limit, said + "have value")
    found = _outside(len(value), limit, said + "have length")
    if limit.pattern and not re.fullmatch(limit.pattern, value, re.ASCII):
        found.append(said + f"satisfy regular expression pattern: {limit.pattern}")
    return found


def _outside(size: int, limit: Limit, said: str) -> list[str]:
    if size < limit.least:
        return [f"{said} greater than or equal to {limit.least}"]
    return [f"{said} less than or equal to {limit.most}"] if size > limit.most else []


_TAG = re.compile(r"[\w\s.:/=+\-@]*")


def check_tags(tags: list[dict[str, str]], transitive: list[str]) -> None:
    """Refuse session tags that break a limit.

    Raises:
        AwsError: ValidationError, or InvalidParameterValue for a doubled key.
    """
    keys = [tag.get("Key", "") for tag in tags]
    if len(tags) > MOST_TAGS:
        raise AwsError("ValidationError", _listed("tags", MOST_TAGS), 400)
    if len(transitive) > MOST_TAGS:
        raise AwsError("ValidationError", _listed("transitiveTagKeys", MOST_TAGS), 400)
    for place, tag in enumerate(tags, 1):
        for name, least, most in (("Key", 1, 128), ("Value", 0, 256)):
            value = tag.get(name, "")
            if not least <= len(value) <= most or not _TAG.fullmatch(value):
                limit = Limit(f"tags.{place}.member.{name.lower()}", least, most, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*")
                said = f"Value '{value}' at '{limit.parameter}' failed to satisfy constraint: Member must "
                broken = _outside(len(value), limit, said + "have length") or [
                    said + f"satisfy regular expression pattern: {limit.pattern}"
                ]
                raise AwsError("ValidationError", "1 validation error detected: " + broken[0], 400)
    if len({key.lower() for key in keys}) < len(keys):
        raise AwsError("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400)
    if unknown := [key for key in transitive if key.lower() not in {name.lower() for name in keys}]:
        raise AwsError(
            "InvalidParameterValue", f"The specified transitive tag key {unknown[0]} must be included in the requested tags.", 400
        )


def _listed(member: str, most: int) -> str:
    said = f"Value at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}"
    return "1 validation error detected: " + said


def packed_size(policies: list[str], tags: dict[str, str]) -> int:
    """Per cent of AWS's packed space that session policies and tags take; AWS packs them in a way of its own, this is near it.

    Raises:
        AwsError: PackedPolicyTooLarge, when it is more than there is.
    """
    text = "".join(policies)
    policy = math.ceil(100 * max(len(text) / PACKED_LIMIT, len(zlib.compress(text.encode())) / PACKED_LIMIT if text else 0))
    if policy > 100:  # noqa: PLR2004 - per cent
        raise AwsError("PackedPolicyTooLarge", f"Packed policy consumes {policy}% of allotted space, please use smaller policy.", 400)
    tag = math.ceil(100 * sum(len(key) + len(value) + 2 for key, value in tags.items()) / PACKED_TAG_LIMIT)
    if tag > 100:  # noqa: PLR2004 - per cent
        raise AwsError("PackedPolicyTooLarge", f"Packed size of session tags consumes {tag}% of allotted space.", 400)
    return max(policy, tag)
