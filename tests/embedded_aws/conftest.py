"""Small worlds of one's own, built through the seeding door, over real HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

_accounts = itertools.count(700000000001)


@dataclass(frozen=True)
class Refusal:
    code: str
    status: int
    message: str


@dataclass(frozen=True)
class Door:
    """A shared client, turned to one account before each call."""

    client: Any
    through: dict[str, str]
    headers: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        self.through.update(self.headers)
        return getattr(self.client, name)


class Estate:
    """Two fresh accounts: people live in `home`, roles in `away`. Keys are (id, secret, token)."""

    _doors: ClassVar[dict[str, Any]] = {}
    _through: ClassVar[dict[str, str]] = {}

    def __init__(self, aws: Any) -> None:
        self.aws = aws
        self.home, self.away = str(next(_accounts)), str(next(_accounts))
        self._names = itertools.count()

    def name(self, stem: str) -> str:
        return f"{stem}{next(self._names)}"

    def door(self, account: str, service: str = "iam") -> Any:
        """The administrator of an account; one client of a service serves all accounts, one call at a time."""
        if service not in self._doors:
            self._doors[service] = self.aws.client(service, ("seed", "seed", None))
            self._doors[service].meta.events.register("before-send", lambda request, **_: request.headers.update(self._through))
        return Door(self._doors[service], self._through, {"x-moto-account-id": account, "x-roledeck-demo": self.aws.secret})

    def user(self, *statements: Mapping[str, Any], account: str | None = None, **more: Any) -> Person:
        name, iam = more.pop("UserName", None) or self.name("user"), self.door(account or self.home)
        arn = iam.create_user(UserName=name, **more)["User"]["Arn"]
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(self.policy(*statements)))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Person(name, arn, (key["AccessKeyId"], key["SecretAccessKey"], None))

    def role(self, trust: Mapping[str, Any], *statements: Mapping[str, Any], account: str | None = None, **more: Any) -> str:
        name, iam = more.pop("RoleName", None) or self.name("role"), self.door(account or self.away)
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(self.policy(*statements)))
        return str(arn)

    def managed(self, *statements: Mapping[str, Any], account: str | None = None) -> str:
        iam = self.door(account or self.away)
        document = json.dumps(self.policy(*statements))
        return str(iam.create_policy(PolicyName=self.name("policy"), PolicyDocument=document)["Policy"]["Arn"])

    def device(self, person: Person) -> str:
        iam = self.door(person.arn.split(":")[4])
        serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=person.name)["VirtualMFADevice"]["SerialNumber"]
        iam.enable_mfa_device(UserName=person.name, SerialNumber=serial, AuthenticationCode1="111111", AuthenticationCode2="222222")
        return str(serial)

    def sts(self, key: Any) -> Any:
        return self.aws.client("sts", key.key if isinstance(key, Person) else key)

    def assume(self, key: Any, role: str, **more: Any) -> tuple[str, str, str]:
        return self.triple(self.sts(key).assume_role(**{"RoleArn": role, "RoleSessionName": "session", **more}))

    def refused_role(self, key: Any, role: str, **more: Any) -> Refusal:
        return self.refused(lambda: self.assume(key, role, **more))

    @staticmethod
    def triple(answer: Mapping[str, Any]) -> tuple[str, str, str]:
        given = answer["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    @staticmethod
    def refused(call: Callable[[], Any]) -> Refusal:
        """What AWS says no with; the test fails when it says yes."""
        with pytest.raises(ClientError) as no:
            call()
        error = no.value.response["Error"]
        return Refusal(error["Code"], no.value.response["ResponseMetadata"]["HTTPStatusCode"], error.get("Message", ""))

    @staticmethod
    def policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Statement": list(statements)}

    @staticmethod
    def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": action, "Resource": resource, **more}

    @staticmethod
    def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
        return {"Effect": "Deny", "Action": action, "Resource": resource, **more}

    @classmethod
    def trusting(cls, principal: Any, condition: Any = None, action: Any = "sts:AssumeRole", effect: str = "Allow") -> dict[str, Any]:
        who = principal if isinstance(principal, dict) and set(principal) & {"Principal", "NotPrincipal"} else {"Principal": principal}
        return cls.policy({"Effect": effect, "Action": action, **who, **({"Condition": condition} if condition else {})})


@dataclass(frozen=True)
class Person:
    """A user with an access key."""

    name: str
    arn: str
    key: tuple[str, str, None]


@pytest.fixture
def estate(aws: Any) -> Estate:
    return Estate(aws)


@pytest.fixture
def dev(estate: Estate) -> Person:
    """A user who may ask for any role."""
    return estate.user(estate.allow(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:GetFederationToken"]))
