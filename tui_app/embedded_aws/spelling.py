"""How each protocol spells a refusal: AWS's services give the same refusal different codes, statuses and texts.

Facts: "Common errors" of the services' API references; EC2's and S3's own error tables.
"""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from xml.sax.saxutils import escape

from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest
from tui_app.values import frozen

# services that moved from the query protocol to JSON or CBOR and still tell the old codes in a header (awsQueryCompatible)
QUERY_COMPATIBLE = frozenset({"sqs", "monitoring"})

_S3_SIGNATURE = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
_EC2_AUTH = "AWS was not able to validate the provided access credentials"


@frozen
class Spelled:
    """A code, its HTTP status, and a text where the service has its own."""

    code: str
    status: int
    message: str = ""


_JSON = {
    "AccessDenied": Spelled("AccessDeniedException", 400),
    "ExpiredToken": Spelled("ExpiredTokenException", 400),
    "InvalidClientTokenId": Spelled("UnrecognizedClientException", 400),
    "InvalidToken": Spelled("UnrecognizedClientException", 400, "The security token included in the request is invalid."),
    "SignatureDoesNotMatch": Spelled("InvalidSignatureException", 400),
    "SignatureExpired": Spelled("InvalidSignatureException", 400),
    "MissingAuthenticationToken": Spelled("MissingAuthenticationTokenException", 400),
    "IncompleteSignature": Spelled("IncompleteSignatureException", 400),
    "Throttling": Spelled("ThrottlingException", 400),
    "InternalFailure": Spelled("InternalFailure", 500),
    "ValidationError": Spelled("ValidationException", 400),
}
_REST_STATUS = {
    "Throttling": ("TooManyRequestsException", 429),
    "InternalFailure": ("ServiceException", 500),
    "ValidationError": ("ValidationException", 400),
}
_REST_JSON = {name: Spelled(one.code, 403, one.message) for name, one in _JSON.items()}
_REST_JSON |= {name: Spelled(code, status) for name, (code, status) in _REST_STATUS.items()}

SPELLINGS: dict[str, dict[str, Spelled]] = {
    "query": {"SignatureExpired": Spelled("SignatureDoesNotMatch", 403)},
    "ec2": {
        "AccessDenied": Spelled("UnauthorizedOperation", 403),
        "ExpiredToken": Spelled("RequestExpired", 400, "Request has expired."),
        "InvalidClientTokenId": Spelled("AuthFailure", 401, _EC2_AUTH),
        "InvalidToken": Spelled("AuthFailure", 401, _EC2_AUTH),
        "SignatureDoesNotMatch": Spelled("AuthFailure", 401, _EC2_AUTH),
        "SignatureExpired": Spelled("RequestExpired", 400, "Request has expired."),
        "MissingAuthenticationToken": Spelled("MissingAuthenticationToken", 403),
        "Throttling": Spelled("RequestLimitExceeded", 503, "Request limit exceeded."),
        "InternalFailure": Spelled("InternalError", 500),
    },
    "s3": {
        "ExpiredToken": Spelled("ExpiredToken", 400, "The provided token has expired."),
        "InvalidClientTokenId": Spelled("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
        "InvalidToken": Spelled("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
        "SignatureDoesNotMatch": Spelled("SignatureDoesNotMatch", 403, _S3_SIGNATURE),
        "SignatureExpired": Spelled(
            "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."
        ),
        "IncompleteSignature": Spelled("AuthorizationHeaderMalformed", 400),
        "Throttling": Spelled("SlowDown", 503, "Please reduce your request rate."),
        "InternalFailure": Spelled("InternalError", 500, "We encountered an internal error. Please try again."),
    },
    "json": _JSON,
    "cbor": _JSON,
    "rest-json": _REST_JSON,
    "rest-xml": {"SignatureExpired": Spelled("SignatureDoesNotMatch", 403)},
}
# what a service calls a denial, where it differs from its protocol
_DENIED_AS = {"sns": "AuthorizationError"}
_QUERY_DEFAULTS = {"InvalidToken": Spelled("InvalidClientTokenId", 403, "The security token included in the request is invalid.")}


def spelled(request: AwsRequest, error: AwsError) -> Spelled:
    """The refusal as the request's service and protocol say it."""
    if error.spelled:
        return Spelled(error.code, error.status, error.message)
    family = "s3" if request.service == "s3" else request.protocol
    found = SPELLINGS[family].get(error.code) or _QUERY_DEFAULTS.get(error.code) or Spelled(error.code, error.status)
    if error.code == "AccessDenied" and request.service in _DENIED_AS and family == "query":
        found = Spelled(_DENIED_AS[request.service], 403)
    return Spelled(found.code, found.status, found.message or error.message)


def refusal(request: AwsRequest, error: AwsError) -> Answer:
    """The complete answer to a refused request."""
    said = spelled(request, error)
    old = SPELLINGS["query"].get(error.code) or _QUERY_DEFAULTS.get(error.code) or Spelled(error.code, error.status)
    compatible = request.service in QUERY_COMPATIBLE and request.protocol != "query"
    if compatible:
        said = replace(said, status=old.status)
    protocol = "s3" if request.service == "s3" else request.protocol
    writer = {"ec2": _ec2, "s3": _s3, "query": _query, "rest-xml": _query, "cbor": _cbor}.get(protocol, _json)
    answer = writer(request, said)
    return answer.with_headers(("x-amzn-query-error", f"{old.code};Sender")) if compatible else answer


def _query(request: AwsRequest, said: Spelled) -> Answer:
    kind = "Sender" if said.status < 500 else "Receiver"  # noqa: PLR2004 - HTTP's own line
    error = f"<Error><Type>{kind}</Type><Code>{said.code}</Code><Message>{escape(said.message)}</Message></Error>"
    namespace = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"' if request.service == "sts" else ""
    return _xml(said, f"<ErrorResponse{namespace}>{error}<RequestId>{request.id}</RequestId></ErrorResponse>")


def _ec2(request: AwsRequest, said: Spelled) -> Answer:
    error = f"<Errors><Error><Code>{said.code}</Code><Message>{escape(said.message)}</Message></Error></Errors>"
    return _xml(said, f'<?xml version="1.0" encoding="UTF-8"?>\n<Response>{error}<RequestID>{request.id}</RequestID></Response>')


def _s3(request: AwsRequest, said: Spelled) -> Answer:
    error = f"<Code>{said.code}</Code><Message>{escape(said.message)}</Message><RequestId>{request.id}</RequestId><HostId>embedded</HostId>"
    return _xml(said, f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{error}</Error>').with_headers(("x-amz-request-id", request.id))


def _xml(said: Spelled, text: str) -> Answer:
    return Answer(said.status, (("Content-Type", "text/xml"),), text.encode(), said.code, said.message)


def _json(request: AwsRequest, said: Spelled) -> Answer:
    rest = request.protocol == "rest-json"
    kind = "application/json" if rest else request.header("content-type") or "application/x-amz-json-1.1"
    headers = (("Content-Type", kind), ("x-amzn-ErrorType", said.code))
    body = {"__type": said.code, "message": said.message} if not rest else {"message": said.message, "Message": said.message}
    return Answer(said.status, headers, json.dumps(body).encode(), said.code, said.message)


def _cbor(_request: AwsRequest, said: Spelled) -> Answer:
    def text(value: str) -> bytes:
        raw = value.encode()
        return b"\x79" + struct.pack(">H", len(raw)) + raw

    body = b"\xa2" + text("__type") + text(said.code) + text("message") + text(said.message)
    headers = (("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"))
    return Answer(said.status, headers, body, said.code, said.message)
