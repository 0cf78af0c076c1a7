"""What STS answers, as texts for a server of one's own, and a request to ask it with."""

from __future__ import annotations

from typing import Any

from tui_app.aws.door import AwsDoor
from tui_app.model import AccessKey
from tui_app.secret import Secret
from tui_app.sessions.request import AssumeRole
from tui_app.sessions.sts import assume_role

KEY = AccessKey("AKIAEXAMPLE", Secret("planted-secret-key"))
REQUEST = AssumeRole("arn:aws:iam::111122223333:role/path/Dev", "me", 3600, external_id=Secret("planted-external-id"))
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
KEYS = "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
USER = "<AssumedRoleUser><AssumedRoleId>AROAX:me</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/Dev/me</Arn></AssumedRoleUser>"
END = "<Expiration>2030-01-01T00:00:00Z</Expiration>"


def error(code: str, message: str) -> str:
    inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId>"
    return f'<ErrorResponse xmlns="{NAMESPACE}">{inner}</ErrorResponse>'


def result(inner: str) -> str:
    return f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult>{inner}</AssumeRoleResult></AssumeRoleResponse>'


def identity_of(account: str) -> str:
    inner = f"<Arn>arn:aws:iam::444455556666:user/Dev</Arn><UserId>AIDAX</UserId><Account>{account}</Account>"
    outer = f"<GetCallerIdentityResult>{inner}</GetCallerIdentityResult>"
    return f'<GetCallerIdentityResponse xmlns="{NAMESPACE}">{outer}</GetCallerIdentityResponse>'


def credentials(inner: str) -> str:
    return result(f"<Credentials>{inner}</Credentials>{USER}")


def send(door: AwsDoor, request: AssumeRole = REQUEST) -> Any:
    return assume_role(door, KEY, request, "eu-west-1")
