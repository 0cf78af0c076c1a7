"""What the gate takes from moto that moto does not promise: if this fails, moto has moved and the gate has to follow."""

from __future__ import annotations

import pytest

from tui_app.embedded_aws.documents import aws_managed_data
from tui_app.embedded_aws.upstream import serves


@pytest.fixture
def backend(estate, dev):
    from moto.iam.models import iam_backends

    estate.device(dev)
    estate.role(estate.trusting("*"), account=estate.home)
    return iam_backends[estate.home]["aws"]


def test_names_in_motos_iam(backend, dev):
    user, (role,) = backend.users[dev.name], backend.roles.values()
    assert user.access_keys[0].access_key_id == dev.key[0]
    assert user.access_keys[0].status == "Active"
    assert backend.access_keys[dev.key[0]].user_name == dev.name
    assert set(user.mfa_devices) == set(backend.virtual_mfa_devices)
    assert next(iter(backend.virtual_mfa_devices.values())).base32_string_seed
    for holder in (user, role):
        assert isinstance(holder.policies, dict)
        assert isinstance(holder.managed_policies, dict)
    assert role.arn.endswith(role.name)
    assert role.assume_role_policy_document.startswith("{")
    assert hasattr(role, "permissions_boundary_arn")
    assert hasattr(role, "max_session_duration")
    assert backend.aws_managed_policies == []


def test_names_in_motos_organizations(estate):
    from moto.organizations.models import organizations_backends

    estate.door(estate.home, "organizations").create_organization(FeatureSet="ALL")
    backend = organizations_backends[estate.home]["aws"]
    assert backend.org.master_account_id == estate.home
    assert backend.ou[0].id == backend.org.root_id
    assert {policy.type for policy in backend.ou[0].attached_policies} == {"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"}


def test_one_managed_policy_can_be_cut_out_of_motos_data():
    record = aws_managed_data("ReadOnlyAccess")
    assert record is not None
    assert record["Document"]["Statement"]
    assert record["DefaultVersionId"].startswith("v")
    assert aws_managed_data("NoSuchPolicy") is None


@pytest.mark.parametrize("service", ["sts", "iam", "ec2", "s3", "dynamodb", "lambda", "monitoring", "states", "tagging", "organizations"])
def test_services_that_moto_has(service):
    assert serves(service, "eu-west-1")


@pytest.mark.parametrize("service", ["access-analyzer", "cloudshell", "nothing", ""])
def test_services_that_moto_has_not(service):
    assert not serves(service, "eu-west-1")
