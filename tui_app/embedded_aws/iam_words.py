"""IAM's own sentences in place of moto's, the names it gives, and the reasons that keep a user from being deleted.

Facts: the texts that IAM answers with, as its clients quote them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tui_app.embedded_aws.callers import Caller, iam_of
from tui_app.embedded_aws.wire import Answer, AwsError, AwsRequest

_MESSAGE = re.compile(rb"<Message>(.*?)</Message>", re.DOTALL)
# moto's sentence -> IAM's
_SAID = (
    (r"Role (\S+) not found", r"The role with name \1 cannot be found."),
    (r"User (\S+) not found", r"The user with name \1 cannot be found."),
    (r"Group (\S+) not found", r"The group with name \1 cannot be found."),
    (r"Device (\S+) not found", r"MFA Device with serial number \1 does not exist."),
    (r"Login profile for (\S+) not found", r"Login Profile for User \1 cannot be found."),
    (r"Instance profile (\S+) not found", r"Instance Profile \1 cannot be found."),
    (r"Policy (arn:\S+) not found", r"Policy \1 was not found."),
    (r"The Access Key with id (\S+) cannot be found", r"The Access Key with id \1 cannot be found."),
    (r"Policy Document (\S+) not attached to role \S+", r"The role policy with name \1 cannot be found."),
    (r"(User|Group) (\S+) already exists", r"\1 with name \2 already exists."),
)


def in_iam_words(request: AwsRequest, answer: Answer) -> Answer:
    """Moto's refusal with IAM's sentence, where that is known."""
    match = _MESSAGE.search(answer.body)
    if match is None:
        return answer
    said = match[1].decode("utf-8", "replace")
    ours = _missing_policy(request, said)
    for theirs, words in _SAID:
        if re.fullmatch(theirs, said):
            ours = re.sub(theirs, words, said)
    if ours == said:
        return answer
    kept = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return replace(answer, headers=kept, body=answer.body.replace(match[1], ours.encode(), 1), message=ours)


def _missing_policy(request: AwsRequest, said: str) -> str:
    """Moto tells which inline policy is not there, not whose it is."""
    holder = re.search("(User|Role|Group)Policy$", request.action)
    match = re.fullmatch(r"Policy (?!arn:)(\S+) not found", said)
    return f"The {holder[1].lower()} policy with name {match[1]} cannot be found." if holder and match else said


def check_name(request: AwsRequest) -> None:
    """Refuse a new user, role or group with a name that IAM does not give.

    Raises:
        AwsError: ValidationError.
    """
    kind = re.fullmatch("Create(User|Role|Group)", request.action)
    name = request.params.get(f"{kind[1]}Name", "") if kind else ""
    if kind and re.search(r"[^\w+=,.@-]", name, re.ASCII):
        said = f"The specified value for {kind[1].lower()}Name is invalid."
        raise AwsError("ValidationError", said + " It must contain only alphanumeric characters and/or the following: +=,.@_-", 400)


def check_deletable(request: AwsRequest, caller: Caller) -> None:
    """Refuse to delete a user that still has what moto does not mind: keys, devices, groups.

    Raises:
        AwsError: DeleteConflict.
    """
    if request.action != "DeleteUser":
        return
    backend = iam_of(caller.account, caller.partition)
    user = backend.users.get(request.params.get("UserName", ""))
    if user is None:
        return
    grouped = any(member.name == user.name for group in list(backend.groups.values()) for member in list(group.users))
    for still_has, sentence in (
        (user.access_keys, "must delete access keys first."),
        (user.mfa_devices, "must delete MFA device first."),
        (grouped, "must remove users from group first."),
    ):
        if still_has:
            raise AwsError("DeleteConflict", f"Cannot delete entity, {sentence}", 409)
