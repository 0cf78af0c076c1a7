"""Whom a `login_session` names, where its file is, and which profiles are roles by it."""

from __future__ import annotations

import pytest
from botocore.utils import generate_login_cache_key
from hypothesis import given
from hypothesis import strategies as st

from tui_app import paths
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.login_sessions import signed_in, token_file, token_name
from tui_app.errors import ConfigUnusable
from tui_app.handover.console import switch_role_link

USER, ROLE = "arn:aws:iam::111122223333:user/team/Dev", "arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"


@pytest.mark.parametrize(
    ("written", "arn", "account", "partition", "name"),
    [
        (USER, USER, "111122223333", "aws", "Dev"),
        (ROLE, "arn:aws:iam::111122223333:role/Admin", "111122223333", "aws", "Admin"),
        ("arn:aws-cn:iam::111122223333:root", "arn:aws-cn:iam::111122223333:root", "111122223333", "aws-cn", "root"),
        (
            "arn:aws-us-gov:sts::111122223333:federated-user/Bob",
            "arn:aws-us-gov:sts::111122223333:federated-user/Bob",
            "111122223333",
            "aws-us-gov",
            "Bob",
        ),
    ],
)
def test_who_signed_in(written, arn, account, partition, name):
    who = signed_in(written)
    assert (who.arn, who.account, who.partition, who.name) == (arn, account, partition, name)


@pytest.mark.parametrize(
    "written",
    [
        *("", "x", "arn:aws:iam::111122223333:role/Admin", "arn:aws:iam::1111:user/x", "arn:aws:iam::111122223333:user/", USER + "\n"),
        *("arn:aws:sts::111122223333:assumed-role/Admin", " " + USER, "arn:aws:iam::١١١١٢٢٢٢٣٣٣٣:user/x", "arn:aws:s3:::b"),
    ],
)
def test_what_aws_login_does_not_write(written):
    assert signed_in(written) is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_files_name_is_botocores(text):
    assert token_name(text) == generate_login_cache_key(text)
    signed_in(text)


def test_where_the_files_are():
    assert paths.login_folder({"HOME": "/home/me"}) == "/home/me/.aws/login/cache"
    assert paths.login_folder({"HOME": "/home/me", "AWS_LOGIN_CACHE_DIRECTORY": "~/x/$N/", "N": "y"}) == "/home/me/x/y"
    assert paths.login_folder({"HOME": "/home/me", "AWS_LOGIN_CACHE_DIRECTORY": ""}) == "/home/me/.aws/login/cache"
    demo = {"HOME": "/home/me", "ROLEDECK_CONFIG": "/tmp/roledeck-demo-x/config.toml"}
    assert paths.login_folder(demo) == "/tmp/roledeck-demo-x/aws/login/cache"
    assert (
        token_file("arn:aws:sts::012345678910:assumed-role/Admin/admin", {"HOME": "/h"})
        == "/h/.aws/login/cache/4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json"
    )


@pytest.fixture
def catalog(tmp_path):
    def load(config, credentials=""):
        (tmp_path / "config").write_text(config)
        (tmp_path / "credentials").write_text(credentials)
        files = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
        return load_catalog({"HOME": str(tmp_path), **files})

    return load


def test_a_profile_of_aws_login_is_a_role_of_its_account(catalog):
    found = catalog(f"[profile me]\nlogin_session = {USER}\nregion = eu-west-1\n[profile admin]\nlogin_session = {ROLE}\n")
    me, admin = found.role("me"), found.role("admin")
    assert (me.arn, me.account.id, me.name, me.via, me.profile) == (USER, "111122223333", "Dev", "aws login", "me")
    assert (admin.arn, admin.short_name) == ("arn:aws:iam::111122223333:role/Admin", "Admin")
    chain = resolve_chain(found, me)
    assert (chain.source.kind, chain.hops, chain.problems) == ("login", (), ())


def test_where_keys_or_a_role_are_written_beside_it_those_decide(catalog):
    line = f"login_session = {USER}\n"
    assert catalog(f"[profile me]\n{line}", f"[me]\n{KEYS}").role("me") is None
    assert catalog(f"[profile me]\n{line}{KEYS}").role("me") is None
    arn = "arn:aws:iam::444455556666:role/R"
    assert catalog(f"[profile me]\n{line}role_arn = {arn}\nsource_profile = x\n").role("me").arn == arn
    odd = catalog("[profile me]\nlogin_session = nobody\n").role("me")
    assert (odd.arn, odd.account.id) == ("nobody", "")


def test_nobody_can_switch_to_a_user(catalog):
    found = catalog(f"[profile me]\nlogin_session = {USER}\n[profile admin]\nlogin_session = {ROLE}\n")
    with pytest.raises(ConfigUnusable, match="is a user"):
        switch_role_link(found.role("me"))
    assert "roleName=Admin" in switch_role_link(found.role("admin")).url
