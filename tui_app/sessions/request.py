"""One AssumeRole before it is sent: every value held against AWS's limits (botocore checks only types and minimums)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tui_app.catalog import limits
from tui_app.clock import typed_duration
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.model import Hop, Origin
from tui_app.secret import Secret
from tui_app.sessions.consent import Program
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.sessions.plan import PlannedHop
    from tui_app.sessions.sources.programs import Programs

SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
CODE = re.compile(r"[0-9]{6}")


@frozen
class AssumeRole:
    """The parameters; `serial` and `code` go together, `duration` is in seconds."""

    role_arn: str
    session_name: str
    duration: int
    external_id: Secret | None = None
    serial: str | None = None
    code: Secret | None = None
    source_identity: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tags: tuple[str, ...] = ()
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()

    def check(self, origins: Mapping[str, Origin]) -> None:
        """Hold it against AWS's limits.

        Raises:
            ConfigUnusable: a setting is not one that AWS accepts, with its file and line.
            UsageError: the code is not six digits.
        """
        for setting, should_be in self._findings():
            if should_be:
                where = str(origins.get(setting) or "")
                raise ConfigUnusable(
                    f"AWS would refuse the {setting} of {clean(self.role_arn)}{f' ({where})' if where else ''}.", should_be, where
                )
        if self.code is not None:
            check_code(self.code)

    def parameters(self) -> dict[str, Any]:
        """The request as STS's API names it; secrets are revealed here, on their way to AWS."""
        given: dict[str, Any] = {
            "RoleArn": self.role_arn,
            "RoleSessionName": self.session_name,
            "DurationSeconds": self.duration,
            "ExternalId": self.external_id.reveal() if self.external_id is not None else None,
            "SerialNumber": self.serial if self.code is not None else None,
            "TokenCode": self.code.reveal() if self.code is not None else None,
            "SourceIdentity": self.source_identity,
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags] or None,
            "TransitiveTagKeys": list(self.transitive_tags) or None,
            "Policy": self.policy,
            "PolicyArns": [{"arn": arn} for arn in self.policy_arns] or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _findings(self) -> Iterator[tuple[str, str]]:
        """Each setting with what it should be, or an empty text."""
        yield "role_arn", "" if limits.split_role_arn(self.role_arn) else "It should be arn:aws:iam::ACCOUNT:role/NAME with 12 digits."
        yield "duration", limits.seconds(self.duration, limits.LONGEST_ROLE)[1]
        yield "session_name", "" if SESSION_NAME.fullmatch(self.session_name) else "It has 2 to 64 letters, digits and +=,.@_-."
        yield "external_id", limits.external_id(self.external_id.reveal()) if self.external_id is not None else ""
        yield "mfa_serial", limits.mfa_serial(self.serial or "")
        yield "source_identity", limits.source_identity(self.source_identity) if self.source_identity is not None else ""
        yield "tags", limits.tags(dict(self.tags))
        yield "transitive_tags", "" if {*self.transitive_tags} <= {key for key, _ in self.tags} else "Each should be the key of a tag."
        yield "policy", limits.policy(self.policy) if self.policy is not None else ""
        yield "policy_arns", next(filter(None, map(limits.policy_arn, self.policy_arns)), "")
        if len(self.policy_arns) > limits.POLICIES:
            yield "policy_arns", f"There may be {limits.POLICIES}."
        if len(self.policy or "") + sum(map(len, self.policy_arns)) > limits.POLICY:
            yield "policy", f"Policy and ARNs have at most {limits.POLICY} characters together."


def hop_request(step: PlannedHop, external_id: Secret | None, serial: str, code: Secret | None) -> AssumeRole:
    """What a planned hop asks for; the device goes with a code only."""
    asked = step.hop.request
    return AssumeRole(
        role_arn=step.hop.role.arn,
        session_name=step.session_name,
        duration=step.duration,
        external_id=external_id,
        serial=serial if code is not None else None,
        code=code,
        source_identity=asked.source_identity,
        tags=asked.tags,
        transitive_tags=asked.transitive_tags,
        policy=asked.policy,
        policy_arns=asked.policy_arns,
    )


def external_id_of(hop: Hop, programs: Programs) -> Secret | None:
    """The role's external id, from its program where the files name one.

    Raises:
        NeedsPerson, Cancelled: nobody has agreed to the program.
        RoledeckError: it failed.
    """
    asked, role = hop.request, hop.role
    if asked.external_id is not None or not asked.external_id_command:
        return asked.external_id
    setting = "external_id_command"
    return Secret(programs.output(Program(setting, asked.external_id_command, role.key, role.origins.get(setting))).strip())


def check_mfa_session(serial: str, code: Secret, duration: int) -> None:
    """Hold a GetSessionToken against AWS's limits.

    Raises:
        ConfigUnusable, UsageError: as for a role.
    """
    check_code(code)
    if wrong := limits.mfa_serial(serial) or limits.seconds(duration, limits.LONGEST_MFA_SESSION)[1]:
        raise ConfigUnusable(f"AWS would refuse an MFA session of {typed_duration(duration)} with {clean(serial)}.", wrong)


def check_code(code: Secret) -> None:
    """Six digits, nothing else.

    Raises:
        UsageError: it is something else.
    """
    if not CODE.fullmatch(code.reveal()):
        raise UsageError("The code is not six digits.", "Type the six digits that the device shows.")
