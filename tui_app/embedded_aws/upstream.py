"""The way on to moto: requests it can route, and answers in the shape of AWS even where moto gives up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest, capture

_CODES = (re.compile(rb"<Code>([^<]+)</Code>"), re.compile(rb'"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"'))
# signing names for which moto has a way of its own beside the table of hosts
_SPECIAL = frozenset(
    [
        "aidevops",
        "bedrock",
        "bedrock-agentcore",
        "budgets",
        "cloudfront",
        "dsql",
        "dynamodb",
        "mediastore",
        "memorydb",
        "s3",
        "s3vectors",
        "sagemaker",
        "ses",
        "timestream",
    ]
)
_WITHOUT_REGION = frozenset(("monitoring", name) for name in ("ListDashboards", "GetDashboard", "PutDashboard", "DeleteDashboards"))
"""What moto keeps in every region, and AWS once: dashboards (CloudWatch user guide)."""
ONE_REGION = "us-east-1"
"""Where they are kept here."""
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""XML 1.0, section 2.2."""
_FAILED = 400
_MOTO_OWN = ("/moto-api", "/latest/")
"""Paths that moto answers itself, whatever the service: resetting everything among them."""


def ask_moto(app: Callable[..., Iterable[bytes]], request: AwsRequest, account: str) -> Answer:
    """Moto's answer for `account`.

    Raises:
        AwsError: moto does not know the service or the operation.
    """
    if request.path.startswith(_MOTO_OWN):
        raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
    if not serves(request.service, request.region):
        raise AwsError("NotImplemented", f"The embedded AWS has no {request.service} {request.action}".rstrip() + ".", 501)
    answer = _captured(app, _of_owner(request, account), account)
    page = answer.header("content-type").startswith("text/html") and request.service != "s3"
    if answer.status == 404 and page:  # noqa: PLR2004 - flask's own page, no AWS answer
        raise AwsError("UnknownOperationException", "The requested operation is not recognized by the service.", 404)
    answer = _as_xml_may_be(answer)
    return replace(answer, code=_code_of(answer)) if answer.status >= _FAILED else answer


def _captured(app: Callable[..., Iterable[bytes]], request: AwsRequest, account: str) -> Answer:
    """What moto answers, as it comes; whatever it raises is an answer of AWS's too.

    Raises:
        AwsError: moto failed, or does not know the operation.
    """
    from botocore.model import OperationNotFoundError

    try:
        return capture(app, request.moto_environ(HTTP_X_MOTO_ACCOUNT_ID=account, **_signed_for_moto(request)))
    except (NotImplementedError, ModuleNotFoundError):  # moto has it not, or with packages that the demo does without
        raise AwsError("NotImplemented", f"The embedded AWS has no {request.service} {request.action}.", 501) from None
    except OperationNotFoundError:
        raise _no_such_operation(request) from None
    except Exception as problem:
        said = f"The embedded AWS failed at {request.service} {request.action}: {type(problem).__name__}"
        raise AwsError("InternalFailure", said, 500) from problem


def _signed_for_moto(request: AwsRequest) -> dict[str, str]:
    """The Authorization header that moto has to see, where it is another than the one that came: moto reads service and region from it."""
    claim, scope = request.credential, ""
    if claim is not None and claim.presigned_for is not None and claim.version != 2:  # noqa: PLR2004 - S3's old query signature
        scope = f"{claim.key_id}/{claim.date}/{claim.region}/{claim.service}/aws4_request, SignedHeaders=host, Signature={claim.signature}"
    elif (request.service, request.action) in _WITHOUT_REGION:
        scope = f"{request.key_id}/20150830/{ONE_REGION}/{request.service}/aws4_request"
    return {"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}"} if scope else {}


def _of_owner(request: AwsRequest, account: str) -> AwsRequest:
    """DescribeSnapshots of owner `self` with the filter that moto heeds: it looks at no owners, and makes a thousand public snapshots."""
    if (request.service, request.action, request.params.get("Owner.1")) != ("ec2", "DescribeSnapshots", "self"):
        return request
    number = 1 + len({name.split(".")[1] for name in request.params if name.startswith("Filter.")})
    return request.replaced_form(**{f"Filter.{number}.Name": "owner-id", f"Filter.{number}.Value.1": account})


def _as_xml_may_be(answer: Answer) -> Answer:
    """The answer without control characters that no XML may hold: moto takes them into names, and AWS does not."""
    if not (answer.body.lstrip()[:1] == b"<" and _NO_XML.search(answer.body)):
        return answer
    body = _NO_XML.sub("\ufffd".encode(), answer.body)
    kept = tuple((name, text) for name, text in answer.headers if name.lower() != "content-length")
    return replace(answer, body=body, headers=(*kept, ("Content-Length", str(len(body)))))


def _no_such_operation(request: AwsRequest) -> AwsError:
    """An operation that the service never had."""
    if request.protocol in ("query", "ec2"):
        version = request.params.get("Version", "")
        return AwsError("InvalidAction", f"Could not find operation {request.action} for version {version}", 400, spelled=True)
    return AwsError("UnknownOperationException", "The requested operation is not recognized by the service.", 400)


@lru_cache(maxsize=1024)
def serves(service: str, region: str) -> bool:
    """Whether moto has a backend for that signing name."""
    from moto.backend_index import backend_url_patterns
    from moto.moto_server.werkzeug_app import SIGNING_ALIASES

    if service in _SPECIAL:
        return True
    host = f"http://{SIGNING_ALIASES.get(service, service)}.{region}.amazonaws.com"
    return bool(service) and any(name != "s3" and pattern.match(host) for name, pattern in backend_url_patterns)


def _code_of(answer: Answer) -> str:
    kind = answer.header("x-amzn-errortype").split(":")[0]
    if kind:
        return kind
    found = next((match for pattern in _CODES if (match := pattern.search(answer.body))), None)
    return found[1].decode("utf-8", "replace") if found else str(answer.status)
