"""AWS's own limits on what an AssumeRole may carry: each check answers with what the value should be, or an empty text.

Source: the STS and IAM service models (botocore's service-2.json) and the IAM user guide's quotas.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tui_app.clock import parse_duration, typed_duration

Check = Callable[[str], str]

SHORTEST, LONGEST_ROLE, LONGEST_MFA_SESSION = 900, 43200, 129600
SHORTEST_RELOAD, LONGEST_RELOAD = 2, 3600
"""Seconds between two reloads of a table: ours, so that nobody keeps AWS busy by a slip of the hand."""
TAGS, TAG_KEY, TAG_VALUE, POLICY, POLICIES, ROLE_NAME, ROLE_PATH = 50, 128, 256, 2048, 10, 64, 512
SESSION_NAME_FIELDS = ("user", "host", "role", "date", "time")

# compiled when first needed, all but the one that every start needs
_NAME = r"[A-Za-z0-9_+=,.@-]+"
_ROLE_ARN = re.compile(r"arn:(aws[a-z-]*):iam::([0-9]{12}):role/((?:[\x21-\x2e\x30-\x7e]+/)*)([A-Za-z0-9_+=,.@-]{1,64})")
_MFA_ARN = r"(?a)arn:aws[a-z-]*:iam::[0-9]{12}:(?:sms-)?mfa/[\w+=/,.@-]+"
_POLICY_ARN = r"arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy/[\x21-\x7e]+"
_REGION = r"[a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2}"
_EXTERNAL_ID = r"(?a)[\w+=,.@:/-]{2,1224}"
_SERIAL = r"(?a)[\w+=/:,.@-]{9,256}"
_IDENTITY = r"(?a)[\w+=,.@-]{2,64}"
_ALIAS = r"[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]"
_TAG_TEXT = r"[\w\s.:/=+@-]*"
_LOOPBACK = r"http://(?:127(?:\.[0-9]{1,3}){3}|localhost|\[::1\])(?::[0-9]{1,5})?(?:/.*)?"
_HTTPS = r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/\S*)?"


def split_role_arn(arn: str) -> tuple[str, str, str] | None:
    """Partition, account id, and path with name of a role's ARN; None for anything else."""
    match = _ROLE_ARN.fullmatch(arn)
    return (match[1], match[2], match[3] + match[4]) if match else None


def account_id(text: str) -> str:
    """An account id."""
    return "" if len(text) == 12 and text.isascii() and text.isdigit() else "An account id has 12 digits."  # noqa: PLR2004 - AWS's


def role_name(text: str) -> str:
    """A role's name with or without its path."""
    path, _, name = text.strip("/").rpartition("/")
    if not re.fullmatch(_NAME, name) or len(name) > ROLE_NAME:
        return f"A role's name has 1 to {ROLE_NAME} letters, digits and +=,.@_- after its path."
    if len(path) + 2 > ROLE_PATH or not path.isascii() or " " in path or not path.isprintable():
        return f"A role's path has up to {ROLE_PATH} printable ASCII characters without spaces."
    return ""


def external_id(text: str) -> str:
    """An external id; the sentence never quotes it."""
    return "" if re.fullmatch(_EXTERNAL_ID, text) else "An external id has 2 to 1224 letters, digits and +=,.@:/-_."


def mfa_serial(text: str) -> str:
    """An MFA device: its ARN, a hardware serial, or an empty text for none."""
    if not text:
        return ""
    if ":user/" in text:
        return "This is a user's ARN; a device's has :mfa/ in it."
    if text.startswith("arn:") and not re.fullmatch(_MFA_ARN, text):
        return "An MFA device is arn:aws:iam::ACCOUNT:mfa/NAME or a hardware serial."
    return "" if re.fullmatch(_SERIAL, text) else "An MFA serial has 9 to 256 letters, digits and +=/:,.@-_."


def session_name(text: str) -> str:
    """A template of session names."""
    unknown = [field for field in re.findall(r"\{([^}]*)\}", text) if field not in SESSION_NAME_FIELDS]
    if unknown or not text.strip():
        return "A session name may use " + ", ".join(f"{{{field}}}" for field in SESSION_NAME_FIELDS) + " and plain text."
    return ""


def source_identity(text: str) -> str:
    """A source identity."""
    return (
        ""
        if re.fullmatch(_IDENTITY, text) and not text.startswith("aws:")
        else "A source identity has 2 to 64 letters, digits and +=,.@-_."
    )


def policy(text: str) -> str:
    """An inline session policy."""
    import json

    if len(text) > POLICY:
        return f"A session policy has at most {POLICY} characters."
    try:
        parsed = json.loads(text)
    except ValueError as error:
        return f"A session policy is JSON, and this is not: {getattr(error, 'msg', 'nested too deep')}."
    except RecursionError:
        return "A session policy is JSON, and this is nested too deep."
    return "" if isinstance(parsed, dict) else "A session policy is a JSON object."


def policy_arn(text: str) -> str:
    """A managed policy's ARN."""
    return "" if re.fullmatch(_POLICY_ARN, text) else "A managed policy is arn:aws:iam::ACCOUNT:policy/NAME."


def region(text: str) -> str:
    """A region's code."""
    return "" if re.fullmatch(_REGION, text) else "A region is written like eu-west-1."


def alias(text: str) -> str:
    """An account alias."""
    return "" if re.fullmatch(_ALIAS, text) else "An account alias has 3 to 63 lower-case letters, digits and hyphens."


def endpoint_url(text: str) -> str:
    """An endpoint of our own choice: credentials go there, so https, or this machine."""
    return "" if re.fullmatch(_HTTPS, text) or re.fullmatch(_LOOPBACK, text) else "An endpoint is https://…, or http:// on this machine."


def start_url(text: str) -> str:
    """An IAM Identity Center start page: a person signs in there, so https, or this machine."""
    good = re.fullmatch(_HTTPS, text) or re.fullmatch(_LOOPBACK, text)
    return "" if good else "A start URL is written like https://d-1234567890.awsapps.com/start."


def some_text(text: str) -> str:
    """Any text but an empty one."""
    return "" if text.strip() else "It may not be empty."


def path(text: str) -> str:
    """A file's path."""
    return "" if text.strip() and "\0" not in text else "A path is not empty and has no NUL character."


def tags(pairs: Mapping[str, str]) -> str:
    """Session tags."""
    if len(pairs) > TAGS:
        return f"There may be {TAGS} tags."
    if len({key.lower() for key in pairs}) < len(pairs):
        return "The keys of tags differ in more than capitals."
    for key, value in pairs.items():
        if not 1 <= len(key) <= TAG_KEY or len(value) > TAG_VALUE or not re.fullmatch(_TAG_TEXT, key) or not re.fullmatch(_TAG_TEXT, value):
            return f"A tag's key has 1 to {TAG_KEY} characters, its value up to {TAG_VALUE}: letters, digits, spaces and _.:/=+@-."
    return ""


def seconds(value: str | int, longest: int, shortest: int = SHORTEST) -> tuple[int, str]:
    """The duration in seconds, and what it should be where it is none or outside AWS's limits."""
    should_be = f"A duration is {typed_duration(shortest)} to {typed_duration(longest)}, written 15m, 1h or 3600."
    try:
        found = parse_duration(value)
    except ValueError:
        return 0, should_be
    return (found, "") if shortest <= found <= longest else (0, should_be)
