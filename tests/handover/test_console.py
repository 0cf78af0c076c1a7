"""The switch-role link, in every partition, and why it may not work."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.errors import ConfigUnusable
from tui_app.handover.console import switch_role_link
from tui_app.model import Account, Chain, Hop, Request, Role, Source
from tui_app.secret import Secret


def role(name="team/Developer", partition="aws", **more):
    account = more.pop("account", Account("111122223333", "production", "prod", partition))
    return Role(f"{account.label}/{name}", f"arn:{partition}:iam::111122223333:role/{name}", account, name, **more)


def words(url):
    return {name: value[0] for name, value in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "signin.aws.amazon.com"),
        ("aws-us-gov", "signin.amazonaws-us-gov.com"),
        ("aws-cn", "signin.amazonaws.cn"),
        ("aws-eusc", "signin.amazonaws-eusc.eu"),
    ],
)
def test_each_partition_has_its_own_sign_in_page(partition, host):
    link = switch_role_link(role(partition=partition))
    assert urlsplit(link.url)[:3] == ("https", host, "/switchrole")
    assert words(link.url) == {
        "account": "111122223333",
        "roleName": "team/Developer",
        "displayName": "production/Developer",
        "color": "f2b0a9",
    }
    assert link.warnings == ()


@pytest.mark.parametrize("partition", ["aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"])
def test_a_partition_without_a_public_console_has_no_link(partition):
    with pytest.raises(ConfigUnusable, match="no public sign-in page"):
        switch_role_link(role(partition=partition))


def test_an_alias_stands_in_for_an_unknown_id():
    link = switch_role_link(role(account=Account("", alias="acme-live")))
    assert words(link.url)["account"] == "acme-live"
    assert "alias" in link.warnings[0]


def test_an_unknown_account_has_no_link():
    with pytest.raises(ConfigUnusable, match=r"account of .* is not known"):
        switch_role_link(role(account=Account("", "production")))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (role(request=Request(external_id=Secret("Unique12345"))), "external id"),
        (role(request=Request(external_id_command=("pass", "show", "x"))), "external id"),
        (role(name="p" * 40 + "/" + "n" * 24), "65 characters"),
        (role(request=Request(source_identity="me")), "source identity"),
    ],
)
def test_what_the_console_cannot_do_is_said(made, says):
    (warning,) = switch_role_link(made).warnings
    assert says in warning
    assert "Unique12345" not in warning


def test_64_characters_are_no_news():
    assert switch_role_link(role(name="p" * 40 + "/" + "n" * 23)).warnings == ()


def test_a_chained_role_is_said():
    first, last = role("Jump"), role("Target")
    chain = Chain(last, Source("static", "dev"), (Hop(first, "dev", Request()), Hop(last, first.key, Request())))
    assert "by way of production/Jump" in switch_role_link(last, chain).warnings[0]
    assert switch_role_link(first, Chain(first, Source("static", "dev"), chain.hops[:1])).warnings == ()


@pytest.mark.parametrize(
    ("color", "environment", "shown"),
    [
        ("#AABBCC", "prod", "aabbcc"),
        ("99bce3", "", "99bce3"),
        ("red", "dev", "b7ca9d"),
        ("", "qa", "83d4e8"),
        ("&x=1", "staging", "efda95"),
    ],
)
def test_the_colour_is_the_roles_own_or_its_environments(color, environment, shown):
    account = Account("111122223333", "acme", environment)
    assert words(switch_role_link(role(account=account, color=color)).url)["color"] == shown


RESERVED = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Power_User_0123456789abcdef"


def signed_in(made, url="https://acme.awsapps.com/start"):
    return Chain(made, Source("sso", "hub", details={"sso_start_url": url}), ())


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.awsapps.com/start",
        "https://acme.awsapps.com/start/",
        "https://acme.awsapps.com/start/#/",
        "https://acme.awsapps.com/start#",
    ],
)
@pytest.mark.parametrize(("name", "permission_set"), [("ReadOnly", "ReadOnly"), (RESERVED, "Power_User")])
def test_a_permission_set_is_opened_from_its_start_page(name, permission_set, url):
    made = role(name)
    link = switch_role_link(made, signed_in(made, url))
    assert link.url == f"https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name={permission_set}"
    (warning,) = link.warnings
    assert "nobody can switch to it" in warning


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "https://x/#/evil", "https://x\n/start"])
def test_without_a_start_page_a_permission_set_has_a_link_that_is_said_not_to_work(url):
    made = role(RESERVED)
    link = switch_role_link(made, signed_in(made, url))
    assert link.url.startswith("https://signin.aws.amazon.com/switchrole?")
    assert any("belongs to IAM Identity Center" in warning for warning in link.warnings)


def test_a_role_behind_a_permission_set_is_switched_to():
    made = role()
    chain = Chain(made, Source("sso", "hub", details={"sso_start_url": "https://a/start"}), (Hop(made, "hub", Request()),))
    assert "/switchrole?" in switch_role_link(made, chain).url


def test_hostile_names_stay_one_value():
    account = Account("111122223333", "a&account=999999999999#\x1b[2J\n" + "x" * 80)
    found = words(switch_role_link(role(account=account)).url)
    assert found["account"] == "111122223333"
    assert len(found["displayName"]) == 64
    assert "\x1b" not in found["displayName"]
