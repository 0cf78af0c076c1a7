"""The gate: a WSGI application in front of moto that lets in whom AWS would let in, and refuses the rest as AWS does.

A request goes: unsigned paths and seeding door · around hooks (faults) · who is it · own operations (STS, IAM, registered ones) ·
may it · moto. Every call is noted for `/_demo/calls` and CloudTrail.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from tui_app.clock import Clock, wall_clock
from tui_app.embedded_aws import iam, sts, web_identity
from tui_app.embedded_aws.actions import UNSIGNED_STS
from tui_app.embedded_aws.authority import ANOTHER_SIGNATURE, authorize, check_age, restrict_session
from tui_app.embedded_aws.callers import Caller, administrator, long_term_caller, still_there
from tui_app.embedded_aws.envelope import Environ
from tui_app.embedded_aws.http_server import Hangup
from tui_app.embedded_aws.ledger import Ledger, Operation
from tui_app.embedded_aws.permission import forget_boundaries
from tui_app.embedded_aws.signature import signature_holds
from tui_app.embedded_aws.spelling import refusal
from tui_app.embedded_aws.upstream import ask_moto
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest
from tui_app.values import frozen

Page = Callable[[AwsRequest, "Gate"], Answer | None]
"""Answers an unsigned path; None passes the request on."""
Proceed = Callable[[AwsRequest], Answer]
Around = Callable[[AwsRequest, "Gate", Proceed], Answer]
"""Stands around every AWS request; calls `proceed` for the true answer, or answers, or raises instead."""

SECRET_HEADER = "x-roledeck-demo"  # noqa: S105 - the name of a header
ACCOUNT_HEADER = "x-moto-account-id"
_SHUT = f"{ACCOUNT_HEADER} opens an account only together with the demo's secret in {SECRET_HEADER}."
_SEEDED_BY_MOTO = frozenset({"EnableMFADevice"})
"""Operations of ours that a seeding request goes round: codes given there are neither looked at nor used up."""


class Gate(Ledger):
    """See the module. `secret` opens the seeding door; `around` are the hooks that every AWS request passes, the first one outermost."""

    def __init__(self, moto_app: Callable[..., Iterable[bytes]], secret: str, clock: Clock = wall_clock) -> None:
        super().__init__(clock)
        self.moto_app, self.secret = moto_app, secret
        self.around: list[Around] = []
        self._operations: dict[tuple[str, str], Operation] = {}
        self._paths: dict[str, _Page] = {}
        forget_boundaries()
        for action, handler in sts.OPERATIONS.items():
            self.add_operation("sts", action, handler)
        for action, handler in iam.OPERATIONS.items():
            self.add_operation("iam", action, handler)

    def add_operation(self, service: str, action: str, handler: Operation) -> None:
        """Answer a signed operation of that signing name (`cloudtrail`, `LookupEvents`) after the caller's policies allowed it."""
        self._operations[service, action] = handler

    def add_path(self, path: str, handler: Page, service: str = "", action: str = "") -> None:
        """Answer an unsigned path; one that ends in `/` answers everything below it too. `service:action` name it to faults and records."""
        self._paths[path] = _Page(handler, service, action)

    def holds_secret(self, request: AwsRequest) -> bool:
        """Whether the request may steer the demo."""
        return bool(self.secret) and hmac.compare_digest(request.header(SECRET_HEADER).encode(), self.secret.encode())

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request as WSGI wants it."""
        answer = self.answer(AwsRequest(environ))
        reason = HTTPStatus(answer.status).phrase if answer.status in HTTPStatus._value2member_map_ else "Answer"
        start_response(f"{answer.status} {reason}", list(answer.headers))
        return [answer.body]

    def answer(self, request: AwsRequest) -> Answer:
        """The complete answer to one request; an exception of an around hook (a cut connection) passes through."""
        page = self._page(request) if not request.credential or request.path.startswith("/_demo/") else None
        if page and page.service:
            request.name(page.service, page.action)
        if request.path.startswith("/_demo/"):
            return _sealed(request, page.handler(request, self) if page else None) or Answer(404)
        account = request.header(ACCOUNT_HEADER)
        if account and self.holds_secret(request):
            return _sealed(request, self._seeded(request, account)) or Answer(404)
        if account:
            return refusal(request, AwsError("AccessDenied", _SHUT, 403, spelled=True))
        request.claimed = self._claimed(request)
        proceed: Proceed = self._answer
        for hook in reversed(self.around):
            proceed = _bound(hook, self, proceed)
        try:
            answer = proceed(request)
        except Exception:
            self.trail.note(request, None, Answer(0, code="ConnectionCut"), self.now())
            raise
        self.trail.note(request, None, answer, self.now())
        return _sealed(request, answer) or answer

    def _answer(self, request: AwsRequest) -> Answer:
        try:
            page = None if request.credential else self._page(request)
            answer = page.handler(request, self) if page else None
            if answer is None and request.service == "sts" and request.action == web_identity.ACTION:
                # a signature is not asked for, and one that is there does not count
                answer = web_identity.assume_role_with_web_identity(request, self)
            return answer or self._operated(request, self.authenticate(request))
        except AwsError as error:
            return refusal(request, error)
        except Hangup:
            raise
        except Exception as problem:  # noqa: BLE001 - a request that nobody thought of gets an answer, not a cut connection
            return refusal(request, _failed(request, problem))

    def _page(self, request: AwsRequest) -> _Page | None:
        exact = self._paths.get(request.path)
        if exact is not None:
            return exact
        below = [path for path in self._paths if path.endswith("/") and request.path.startswith(path)]
        return self._paths[max(below, key=len)] if below else None

    def _seeded(self, request: AwsRequest, account: str) -> Answer:
        """The seeding door: as the account's administrator, past the signature and every policy."""
        if not re.fullmatch(r"\d{12}", account, re.ASCII):
            said = f"{ACCOUNT_HEADER} is {account!r}; an account is 12 digits"
            return refusal(request, AwsError("ValidationError", said, 400))
        try:
            return self._performed(request, administrator(account), seeding=True)
        except AwsError as error:
            return refusal(request, error)
        except Exception as problem:  # noqa: BLE001 - as in `_answer`
            return refusal(request, _failed(request, problem))

    def authenticate(self, request: AwsRequest) -> Caller:
        """The caller whose secret signed the request.

        Raises:
            AwsError: it is not signed, or not by anyone, or too long ago, or with credentials that have expired.
        """
        claim = request.credential
        if claim is None:
            if request.action in UNSIGNED_STS:
                raise sts.refuse_unsigned(request)
            if request.service == "s3" and request.path != "/":
                raise AwsError("AccessDenied", "Access Denied", 403)
            raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        if claim.fault:
            raise AwsError("IncompleteSignature", claim.fault, 400)
        caller = self._claimed(request)
        if caller is None:
            raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
        if not hmac.compare_digest(caller.token.encode(), claim.token.encode("utf-8", "replace")):
            code = "InvalidToken" if claim.token else "InvalidClientTokenId"
            raise AwsError(code, "The security token included in the request is invalid.", 403)
        check_age(claim, self.signature_clock())
        if not signature_holds(request, claim, caller.secret):
            raise AwsError("SignatureDoesNotMatch", ANOTHER_SIGNATURE, 403)
        if caller.expires is not None and self.now() >= caller.expires:
            raise AwsError("ExpiredToken", "The security token included in the request is expired", 403)
        return caller

    def _claimed(self, request: AwsRequest) -> Caller | None:
        """Whom the key id belongs to, before anything is proved. A session ends with its user or role."""
        if not request.key_id:
            return None
        session = self.sessions.find(request.key_id)
        if session is not None:
            return session if still_there(session) else None
        return long_term_caller(request.key_id)

    def _operated(self, request: AwsRequest, caller: Caller) -> Answer:
        if request.service == "sts" and request.action not in sts.OPERATIONS:
            raise sts.no_such_operation(request)
        restrict_session(request, caller)
        if not (request.service == "sts" and request.action in sts.JUDGED_ELSEWHERE):
            authorize(self, request, caller)
        return self._performed(request, caller)

    def _performed(self, request: AwsRequest, caller: Caller, *, seeding: bool = False) -> Answer:
        """The operation itself, of a caller who may."""
        operation = None if seeding and request.action in _SEEDED_BY_MOTO else self._operations.get((request.service, request.action))
        answer = operation(request, caller, self) if operation else None
        if answer is not None:
            return answer
        if request.service == "sts":
            raise sts.no_such_operation(request)
        if request.service != "iam":
            return ask_moto(self.moto_app, request, caller.account)
        return iam.through_moto(request, caller, lambda ready: ask_moto(self.moto_app, ready, caller.account))


@frozen
class _Page:
    handler: Page
    service: str
    action: str


def _bound(hook: Around, gate: Gate, proceed: Proceed) -> Proceed:
    return lambda request: hook(request, gate, proceed)


def _failed(request: AwsRequest, problem: Exception) -> AwsError:
    said = f"The embedded AWS failed at {request.service} {request.action}: {type(problem).__name__}"
    return AwsError("InternalFailure", said, 500)


def _sealed(request: AwsRequest, answer: Answer | None) -> Answer | None:
    """The answer with the request id that every AWS answer carries."""
    if answer is None or answer.header("x-amzn-requestid"):
        return answer
    return answer.with_headers(("x-amzn-RequestId", request.id))
