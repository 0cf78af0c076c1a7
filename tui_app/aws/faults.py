"""Whatever botocore raises, told as one of our errors; nothing here imports botocore, exceptions are known by their names.

botocore's own texts hold bodies of answers, so they never reach a message; only AWS's error text does, cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tui_app.denials import Denial, explain
from tui_app.errors import ConfigUnusable, OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.text import clean

NOT_SENT = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError", "InvalidProxiesConfigError"})
"""Failures that come before the request leaves, so that a code in it is still unused."""

_REACH: Mapping[str, tuple[str, str]] = {
    "EndpointConnectionError": ("{host} cannot be reached.", "Check the network, the region and the proxy."),
    "ConnectTimeoutError": ("{host} did not answer in time.", "Check the network and the proxy, then try again."),
    "ReadTimeoutError": ("{host} took the request but did not answer in time.", "Try again in a moment."),
    "ConnectionClosedError": ("{host} closed the connection before it answered.", "Try again in a moment."),
    "ProxyConnectionError": (
        "The proxy cannot be reached, or lets nothing through.",
        "Check HTTPS_PROXY and HTTP_PROXY, with the proxy's user and password.",
    ),
    "InvalidProxiesConfigError": ("The proxy settings cannot be used.", "Check HTTPS_PROXY and HTTP_PROXY."),
    "SSLError": ("The connection to {host} is not secure: its certificate is not trusted.", "Check AWS_CA_BUNDLE, and who runs the proxy."),
    "IncompleteReadError": ("The answer of {host} broke off.", "Try again in a moment."),
    "ResponseStreamingError": ("The answer of {host} broke off.", "Try again in a moment."),
    "HTTPClientError": ("The request to {host} failed on the way.", "Check the network and the proxy, then try again."),
}
_NOT_AWS = (
    "What {host} answered is not an answer of AWS.",
    "A sign-in page of the network or a proxy may have answered instead; check it in a browser.",
)

_PARAMETER = re.compile(r'parameter (?:in [^:]+: "([^"]+)"|([\w.\[\]-]+))')
"""The one that botocore complains of: `Unknown parameter in input: "Bogus"`, `Invalid type for parameter MaxResults`."""


def told(failure: Exception, *, action: str, host: str, region: str, resource: str = "") -> RoledeckError:
    """Our error for anything that a call of `action` (`sts:AssumeRole`) to `host` in `region` raised."""
    if isinstance(failure, RoledeckError):
        return failure
    names = [kind.__name__ for kind in type(failure).__mro__]
    if "ClientError" in names:
        return _from_answer(getattr(failure, "response", {}), action, host, resource)
    if "ParamValidationError" in names:
        return ConfigUnusable(
            f"A value for {action} is not one that AWS accepts: {_validation(failure)}.", "Check the settings of the role or the view."
        )
    if "UnknownServiceError" in names or "DataNotFoundError" in names:
        return RoledeckError(f"The installed botocore does not know {action}.", "Install a newer boto3.")
    if any("Region" in name or "EndpointProvider" in name for name in names):
        return ConfigUnusable(f"{clean(region, 32)} is not a region of AWS.", "A region is written like eu-west-1.")
    known = next((name for name in names if name in _REACH), "")
    sentence, next_step = _REACH.get(known, _NOT_AWS)
    return OutOfReach(sentence.format(host=host), next_step, sent=known not in NOT_SENT, cause="" if known else "not_aws")


def broken_answer(host: str, missing: str) -> OutOfReach:
    """An answer that parsed but lacks what it must have; `missing` names it."""
    return OutOfReach(f"The answer of {host} has no usable {missing}.", _NOT_AWS[1])


def _from_answer(answer: Mapping[str, Any], action: str, host: str, resource: str) -> RoledeckError:
    error, meta = answer.get("Error") or {}, answer.get("ResponseMetadata") or {}
    code, text, status = str(error.get("Code", "")), str(error.get("Message", "")), int(meta.get("HTTPStatusCode") or 0)
    if code in {"", "Unknown"}:
        code = str(status)
    denial = _meant(explain(code, text, action=action, resource=resource), status, text, action)
    if denial.kind == "broken" and (_is_page(meta) or _is_no_xml(code, meta)):  # botocore takes what is no XML for a fault of S3
        return OutOfReach(_NOT_AWS[0].format(host=host), _NOT_AWS[1], cause="not_aws")
    if denial.family == "reach":
        return OutOfReach(denial.sentence, denial.next_step, cause=denial.kind)
    nothing_said = denial.kind == "unknown" and not text
    if denial.kind in {"unknown", "denied", "not_found"} and code.isdigit() and (nothing_said or _is_page(meta)):
        return OutOfReach(_NOT_AWS[0].format(host=host), _NOT_AWS[1], cause="not_aws")
    return _refusal(denial, code, status, str(meta.get("RequestId", "")), action)


def _is_page(meta: Mapping[str, Any]) -> bool:
    """Whether an answer without a code of AWS is a page for people, as filters and captive portals send."""
    return "html" in str((meta.get("HTTPHeaders") or {}).get("content-type", "")).lower()


def _is_no_xml(code: str, meta: Mapping[str, Any]) -> bool:
    """Whether it is botocore's own code for a 200 from S3 that cannot be read; AWS's has a name and a request id."""
    return code == str(HTTPStatus.INTERNAL_SERVER_ERROR.value) and meta.get("RequestId") == "" and meta.get("HostId") == ""


def _meant(denial: Denial, status: int, text: str, action: str) -> Denial:
    """Services name their own faults as they like (`InternalServerException`, `ServiceFailure`), so that the HTTP status decides."""
    if denial.kind == "unknown" and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return explain(str(HTTPStatus.INTERNAL_SERVER_ERROR.value), text, action=action)
    if denial.kind == "unknown" and status == HTTPStatus.TOO_MANY_REQUESTS:
        return explain("Throttling", text, action=action)
    return denial


def _refusal(denial: Denial, code: str, status: int, request_id: str, action: str) -> Refused:
    kind = SessionExpired if denial.family == "expired" else Refused
    return kind(
        denial.sentence,
        denial.next_step,
        code=clean(code, 128),
        status=status,
        aws_message=denial.aws_message,
        request_id=clean(request_id, 64),
        action=denial.action or action,
        cause=denial.kind,
    )


def _validation(failure: Exception) -> str:
    """The parameter that is wrong; the report goes on with its value, which is not kept."""
    named = _PARAMETER.search(str(getattr(failure, "kwargs", {}).get("report", "")))
    return clean(next(filter(None, named.groups())), 64) if named else "see the config"
