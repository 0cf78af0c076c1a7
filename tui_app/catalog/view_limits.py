"""What a view of one's own may ask: only what reads, never what answers with a secret, never what AWS charges for by the call."""

from __future__ import annotations

import re

from tui_app.text import clean

_NAME = r"[a-z0-9][a-z0-9-]{0,39}"
_SERVICE = r"[a-z][a-z0-9-]{0,63}"
_OPERATION = r"(?:List|Describe|Get|Search|BatchGet|BatchDescribe|Lookup)[A-Z][A-Za-z0-9]{0,126}"
_ACTION = r"[a-z][a-z0-9-]*:[A-Za-z0-9]+"
_SECRET = re.compile(
    r"Password|Credential|SecretValue|GetSecret$|(?<!Next)Tokens?$|ApiKeys?$|PrivateKey|DataKey|KeyMaterial|RandomPassword|UserPoolClient$"
)
"""Operations whose answer holds a password, a key or a token."""
_VALUES = frozenset(
    {
        *("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory"),
        *("GetObject", "GetObjectTorrent", "GetItem", "BatchGetItem", "GetRecords", "SearchFaces", "SearchFacesByImage"),
        *("GetConnection", "GetConnections", "GetDataAccess", "GetInstanceAccessDetails", "GetFederationToken", "GetSessionToken"),
    }
)
"""Operations whose answer is the content itself: of parameters, objects, items and connections."""
_CHARGED_OPERATIONS = frozenset({"GetMetricData", "GetMetricWidgetImage", "GetInsightRuleReport", "GetQueryResults"})
_CHARGED_SERVICES = frozenset(
    {"ce", "rekognition", "location", "geo-maps", "geo-places", "geo-routes", "kendra", "personalize-runtime", "bedrock-runtime"}
    | {"bedrock-agent-runtime", "textract", "comprehend", "translate", "polly", "pi", "cloudsearchdomain"}
)


def view_name(text: str) -> str:
    """A view's name."""
    return "" if re.fullmatch(_NAME, text) else "A view's name has up to 40 small letters, digits and hyphens."


def service(text: str) -> str:
    """An AWS service as the AWS CLI names it, whose API costs nothing by the call."""
    if not re.fullmatch(_SERVICE, text):
        return "A service is named as the AWS CLI has it: s3, ec2, stepfunctions."
    return f"AWS charges for every request to {text}." if text in _CHARGED_SERVICES else ""


def operation(text: str) -> str:
    """An operation that only reads, and reads no secret."""
    if not re.fullmatch(_OPERATION, text):
        return "An operation is written as in the API, and a view only reads: List…, Describe…, Get…, Search…, BatchGet…, Lookup…."
    if text in _VALUES or _SECRET.search(text):
        return f"{text} answers with the value of a secret or with content, and a view shows neither."
    return f"AWS charges for every {text}." if text in _CHARGED_OPERATIONS else ""


def action(text: str) -> str:
    """An IAM action."""
    return "" if re.fullmatch(_ACTION, text) else "An IAM action is written like s3:ListAllMyBuckets."


def expression(text: str) -> str:
    """A JMESPath expression."""
    import jmespath  # type: ignore[import-untyped]  # it comes with botocore, and only a view of one's own needs it here
    from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

    try:
        jmespath.compile(text)
    except (JMESPathError, RecursionError):
        return f"{clean(text, 60)} is not a JMESPath expression."
    return ""


def column(text: str) -> str:
    """A column: `Head = expression`, or an expression whose last name is the head."""
    head, path = split_column(text)
    return expression(path) if head else "A column is written 'Head = expression'."


def split_column(text: str) -> tuple[str, str]:
    """Head and expression of a column: `State = State.Name`, or `State.Name` alone."""
    found = re.fullmatch(r"\s*([^=\[\]'\"`!<>&|?]+?)\s*=(?!=)\s*(.+)", text, re.DOTALL)
    if found:
        return found[1], found[2]
    return (text.rpartition(".")[2].strip(), text.strip()) if re.fullmatch(r"[\w.\s-]+", text) else ("", text)
