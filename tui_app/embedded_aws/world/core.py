"""Puts accounts, people, roles and the organization into moto: all that has to be there before the first answer.

moto's backends are called directly: over HTTP the same would take seconds. Every id is drawn from the ARN, so that two
demos have the same ids.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tui_app.embedded_aws.documents import bring_in
from tui_app.embedded_aws.world.accounts import ACCOUNTS, CONTROL_POLICIES, MANAGEMENT, ORGANIZATION_ID, ROOT_ID, UNITS
from tui_app.embedded_aws.world.people import GROUPS, USERS
from tui_app.embedded_aws.world.roles import ROLES
from tui_app.embedded_aws.world.start_page import RESERVED_ROLES
from tui_app.embedded_aws.world.values import AccountSeed, RoleSeed, UserSeed, document, unique_id

PARTITION = "aws"
REGION = "us-east-1"
MANAGED_PATHS = MappingProxyType({"ViewOnlyAccess": "job-function/"})
"""The path of an AWS managed policy that has one."""


def seed_core() -> None:
    """Fill moto's IAM and Organizations."""
    with drawn_from("core"):
        for account in ACCOUNTS:
            _iam(account.id).create_account_alias(account.alias)
        for account_id, groups in GROUPS.items():
            for name, policies in groups.items():
                group = _iam(account_id).create_group(name)
                group.policies |= {policy: document(value) for policy, value in policies.items()}
        for user in USERS:
            _add_user(user)
        for role in (*ROLES, *RESERVED_ROLES):
            _add_role(role)
        _found_organization()


@contextmanager
def drawn_from(name: str) -> Iterator[None]:
    """Let moto draw its ids from `name` inside the block, and from the system again after it."""
    from moto.moto_api._internal import mock_random

    mock_random.seed(f"roledeck demo {name}")
    try:
        yield
    finally:
        mock_random.seed(int.from_bytes(os.urandom(16), "big"))


def since(day: str) -> datetime:
    """Midnight UTC of an ISO date, without a time zone, as moto keeps its moments."""
    return datetime.fromisoformat(day)


def _iam(account_id: str) -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[account_id][PARTITION]


def _add_user(seed: UserSeed) -> None:
    iam = _iam(seed.account)
    user = iam.create_user(REGION, seed.name, seed.path, [{"Key": key, "Value": value} for key, value in seed.tags])
    user.id = unique_id("AIDA", seed.arn)
    user.create_date = since("2024-01-15")
    user.policies |= {name: document(value) for name, value in seed.policies.items()}
    for group in seed.groups:
        iam.add_user_to_group(group, seed.name)
    if seed.key:
        key = user.create_access_key("AKIA")
        key.access_key_id, key.secret_access_key, key.create_date = seed.key_id, seed.key_secret, since("2026-02-11")
        iam.access_keys[key.access_key_id] = key
    if seed.mfa:
        device = iam.create_virtual_mfa_device(seed.name, "/")
        device.base32_string_seed = seed.mfa_seed
        iam.enable_mfa_device(seed.name, device.serial_number, "000000", "000000")


def _add_role(seed: RoleSeed) -> None:
    from moto.iam import models

    make_role: Any = models.Role
    role = make_role(
        account_id=seed.account,
        partition=PARTITION,
        role_id=unique_id("AROA", seed.arn),
        name=seed.name,
        assume_role_policy_document=document(seed.trust),
        path=seed.path,
        permissions_boundary=None,
        description=seed.description,
        tags=[{"Key": key, "Value": value} for key, value in seed.tags],
        max_session_duration=str(seed.max_session),
    )
    role.create_date = since("2024-03-04")
    role.policies |= {name: document(value) for name, value in (seed.policies or {}).items()}
    iam = _iam(seed.account)
    iam.roles[role.id] = role
    for name in seed.managed:
        arn = f"arn:aws:iam::aws:policy/{MANAGED_PATHS.get(name, '')}{name}"
        bring_in(seed.account, arn)
        iam.managed_policies[arn].attach_to(role)


def _found_organization() -> None:
    from moto.iam.models import iam_backends
    from moto.organizations.models import organizations_backends

    before = set(iam_backends)
    organizations = organizations_backends[MANAGEMENT][PARTITION]
    organizations.create_organization(REGION)
    for stray in set(iam_backends) - before:
        del iam_backends[stray]  # moto gives the management account a random number first, and a role under it
    organization: Any = organizations.org
    root: Any = organizations.ou[0]
    organization.id, organization.root_id, organization.master_account_email = ORGANIZATION_ID, ROOT_ID, ACCOUNTS[0].email
    root.id, root.organization_id, root.policy_types = ROOT_ID, ORGANIZATION_ID, [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    for name, unit_id in UNITS.items():
        organizations.create_organizational_unit(Name=name, ParentId=ROOT_ID)
        unit: Any = organizations.ou[-1]
        unit.id = unit_id
    for account in ACCOUNTS:
        _join(organizations, account)
    for name, description, target, content in CONTROL_POLICIES:
        organizations.create_policy(Name=name, Description=description, Type="SERVICE_CONTROL_POLICY", Content=document(content))
        policy = organizations.policies[-1]
        policy.id = f"p-{unique_id('', name)[:8].lower()}"
        organizations.attach_policy(PolicyId=policy.id, TargetId=UNITS.get(target, target))


def _join(organizations: Any, seed: AccountSeed) -> None:
    from moto.organizations.models import FakeAccount, organizations_backends

    founder = seed.id == MANAGEMENT
    account: Any = organizations.accounts[0] if founder else FakeAccount.__new__(FakeAccount)
    account.type, account.region = "ACCOUNT", organizations.org.region
    account.organization_id, account.master_account_id = ORGANIZATION_ID, MANAGEMENT
    account.id, account.name, account.email = seed.id, seed.name, seed.email
    account.create_account_status_id = "car-" + unique_id("", seed.id).lower()
    account.create_time = since(seed.joined) + timedelta(seconds=ACCOUNTS.index(seed))
    account.status = account.state = "ACTIVE"
    account.joined_method = "INVITED" if founder else "CREATED"
    account.parent_id = UNITS.get(seed.unit, ROOT_ID)
    account.tags = {}
    if founder:
        return
    account.attached_policies = []
    organizations.accounts.append(account)
    organizations_backends.master_accounts[seed.id] = (MANAGEMENT, PARTITION)
    for policy in organizations.policies[:2]:
        organizations.attach_policy(PolicyId=policy.id, TargetId=seed.id)
