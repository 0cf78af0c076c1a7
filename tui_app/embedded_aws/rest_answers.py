"""Errors and answers of the unsigned REST JSON services: sso-oidc and the Identity Center portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui_app.embedded_aws.gate import Gate
from tui_app.embedded_aws.wire import Answer, AwsRequest, json_answer

JSON = "application/json"


class Complaint(Exception):
    """An OAuth or portal error: `code` is the model's exception name."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


def answered(handler: Callable[[AwsRequest, Gate], Answer], *, oauth: bool = False) -> Callable[[AwsRequest, Gate], Answer]:
    """`handler` with its complaints turned into answers, in the model's words; with `oauth` in OAuth's alone, as sso-oidc does."""

    def page(request: AwsRequest, gate: Gate) -> Answer:
        try:
            return handler(request, gate)
        except (TypeError, AttributeError, ValueError):  # a field of another kind than the model has
            return complained(Complaint("InvalidRequestException", "The request is not what the service takes"), oauth=oauth)
        except Complaint as complaint:
            return complained(complaint, oauth=oauth)

    return page


def complained(complaint: Complaint, *, oauth: bool = False) -> Answer:
    """The answer that a complaint makes; OAuth's has no `message`, so botocore finds no text in it."""
    short = complaint.code.removesuffix("Exception")
    error = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in short).lstrip("_")
    body = {"error": error, "error_description": complaint.message} if oauth else {"message": complaint.message}
    answer = json_answer(body, complaint.status, JSON).with_headers(("x-amzn-ErrorType", complaint.code))
    return replace(answer, code=complaint.code)


def rest_json(value: object) -> Answer:
    """An answer of these services."""
    return json_answer(value, content_type=JSON)
