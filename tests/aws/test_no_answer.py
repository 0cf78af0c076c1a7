"""What has status 200 and is none of the operation: the errors of gateways and filters, which botocore takes for an empty answer."""

from __future__ import annotations

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.errors import OutOfReach
from tui_app.model import AccessKey
from tui_app.secret import Secret

KEY = AccessKey("AKIA", Secret("s"))
SPOKEN = {
    "json": ("dynamodb", "ListTables", {}),
    "rest-json": ("lambda", "ListFunctions", {}),
    "rest-json under other names": ("apigatewayv2", "GetApis", {}),
}


@pytest.fixture(autouse=True)
def _reads_too(stub):
    """The REST protocols read with GET."""
    handler = stub._server.RequestHandlerClass
    handler.do_GET = handler.do_POST


def asked(stub, spoken, body):
    stub.says(200, body, "application/json")
    service, operation, parameters = SPOKEN[spoken]
    return AwsDoor(stub.url).call(service, operation, region="eu-west-1", key=KEY, parameters=parameters)


@pytest.mark.parametrize("spoken", SPOKEN)
@pytest.mark.parametrize(
    "body",
    [
        '{"__type": "AccessDeniedException", "message": "no"}',
        '{"Message": "sign in first"}',
        '{"error": {"code": 511}}',
        '{"errorMessage": "the handler failed"}',
        "null",
        "[]",
        '"busy"',
    ],
)
def test_an_error_with_a_good_status_is_no_empty_list(stub, spoken, body):
    with pytest.raises(OutOfReach, match="not an answer of AWS") as caught:
        asked(stub, spoken, body)

    assert caught.value.cause == "not_aws"


@pytest.mark.parametrize(
    ("spoken", "body", "answer"),
    [
        ("json", '{"TableNames": [], "message": "of a later version"}', {"TableNames": []}),
        ("json", "{}", {}),
        ("json", '{"OfALaterVersion": 1}', {}),
        ("rest-json under other names", '{"items": [], "message": "x"}', {"Items": []}),
    ],
)
def test_what_may_be_an_answer_is_one(stub, spoken, body, answer):
    assert asked(stub, spoken, body) == answer


XML = {
    "ec2": ("ec2", "DescribeVpcs"),
    "query": ("sns", "ListTopics"),
    "rest-xml": ("route53", "ListHostedZones"),
    "s3": ("s3", "ListBuckets"),
}
ERROR = "<Code>InternalError</Code><Message>We encountered an internal error.</Message>"


@pytest.mark.parametrize("service", XML)
@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        f"<Error>{ERROR}</Error>",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- gateway -->\n<ErrorResponse xmlns="x"><Error>{ERROR}</Error></ErrorResponse>',
        f"<Response><Errors><Error>{ERROR}</Error></Errors></Response>",
    ],
)
def test_an_error_in_xml_with_a_good_status_is_no_empty_list(stub, service, body):
    stub.says(200, body)

    with pytest.raises(OutOfReach):
        AwsDoor(stub.url).call(XML[service][0], XML[service][1], region="eu-west-1", key=KEY, parameters={}, retry=False)


@pytest.mark.parametrize("spoken", SPOKEN)
def test_nothing_at_all_is_no_empty_list(stub, spoken):
    with pytest.raises(OutOfReach, match="not an answer of AWS"):
        asked(stub, spoken, "")


def test_an_operation_that_answers_nothing_may_answer_nothing(stub):
    stub.says(200, "", "application/x-amz-json-1.1")

    assert AwsDoor(stub.url).call("kms", "DisableKey", region="eu-west-1", key=KEY, parameters={"KeyId": "k"}) == {}
