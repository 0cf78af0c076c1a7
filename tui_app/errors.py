"""Every way to fail: one plain sentence, the next step, and an exit code.

    RoledeckError            1  failed
    ├─ UsageError            2  wrong words on the command line
    │  └─ UnknownRole        2  no such role, or several
    ├─ NeedsPerson           3  a code, a sign-in or a confirmation, and no terminal
    │  └─ SignedOut          3  a person must sign in, at an Identity Center start page or with `aws login`
    ├─ Refused               4  AWS said no
    ├─ OutOfReach            5  AWS did not answer, or not as AWS does
    ├─ ConfigUnusable        6  the configuration cannot be used
    ├─ WrongIdentity         1  the session is not who was asked for
    ├─ SessionExpired        4  credentials that were handed in have run out
    └─ Cancelled           130  the person changed their mind

Messages are shown to people and written to logs, so they never hold a secret and are cleaned before they get here.
"""

from __future__ import annotations


class RoledeckError(Exception):
    """A failure that can be told to a person; `message` is one sentence, `next_step` what to do about it."""

    exit_code = 1
    word = "failed"
    """The word a list row shows for it."""

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def sentence(self) -> str:
        """The message and the next step, as one line."""
        return f"{self.message} {self.next_step}".strip()


class UsageError(RoledeckError):
    """The command line cannot be understood."""

    exit_code = 2


class UnknownRole(UsageError):
    """No role has that name, or several have; `candidates` are the names that were meant, best first."""

    def __init__(self, message: str, next_step: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message, next_step)
        self.candidates = candidates


class NeedsPerson(RoledeckError):
    """Only a person can go on: an MFA code, a sign-in, a confirmation, or the screen itself."""

    exit_code = 3
    word = "code?"


class SignedOut(NeedsPerson):
    """A person must sign in: at an IAM Identity Center start page, `sign_in` being its key (name, else start URL), or with `aws login`."""

    word = "sign in"

    def __init__(self, message: str, next_step: str = "", sign_in: str = "") -> None:
        super().__init__(message, next_step)
        self.sign_in = sign_in


class Refused(RoledeckError):
    """AWS said no. `code`, `status`, `aws_message`, `request_id` are AWS's own, cleaned; `cause` is a row of `denials`."""

    exit_code = 4
    word = "refused"

    def __init__(  # noqa: PLR0913 - each is a fact of the answer
        self,
        message: str,
        next_step: str = "",
        *,
        code: str = "",
        status: int = 0,
        aws_message: str = "",
        request_id: str = "",
        action: str = "",
        cause: str = "",
    ) -> None:
        super().__init__(message, next_step)
        self.code = code
        self.status = status
        self.aws_message = aws_message
        self.request_id = request_id
        self.action = action
        self.cause = cause


class SessionExpired(Refused):
    """The credentials that made the call have expired or been revoked; the step before must be renewed."""


class OutOfReach(RoledeckError):
    """No usable answer from AWS: no network, a proxy, a captive portal, a time-out, a broken answer.

    `sent` is False where the request certainly never reached AWS, so that a code it carried is still good.
    `cause` is a row of `denials` where AWS did answer: `throttled`, `broken`; `not_aws` where somebody else did.
    """

    exit_code = 5

    def __init__(self, message: str, next_step: str = "", *, sent: bool = True, cause: str = "") -> None:
        super().__init__(message, next_step)
        self.sent = sent
        self.cause = cause


class ConfigUnusable(RoledeckError):
    """A file cannot be used; `where` is `file:line`."""

    exit_code = 6

    def __init__(self, message: str, next_step: str = "", where: str = "") -> None:
        super().__init__(message, next_step)
        self.where = where


class WrongIdentity(RoledeckError):
    """GetCallerIdentity names another account or role than the one asked for: nothing is handed over."""


class Cancelled(RoledeckError):
    """The person cancelled."""

    exit_code = 130
    word = "cancelled"
