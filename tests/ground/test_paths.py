from __future__ import annotations

import pytest

from tui_app import paths


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HOME": "/h"}, "/h/.config/roledeck/config.toml"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/roledeck/config.toml"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "relative"}, "/h/.config/roledeck/config.toml"),
        ({"HOME": "/h", "ROLEDECK_CONFIG": "~/mine.toml"}, "/h/mine.toml"),
    ],
)
def test_where_our_config_lies(environ, expected):
    assert paths.user_config_file(environ) == expected


def test_a_demo_keeps_its_cache_and_state_in_its_own_folder():
    demo = {"HOME": "/h", "XDG_CACHE_HOME": "/c", "ROLEDECK_CONFIG": "/tmp/roledeck-demo-ab12/config.toml"}
    assert paths.sessions_folder(demo) == "/tmp/roledeck-demo-ab12/sessions"
    assert paths.index_folder(demo) == "/tmp/roledeck-demo-ab12/index"
    assert paths.state_folder(demo) == "/tmp/roledeck-demo-ab12/state"


def test_the_users_own_cache_and_state():
    mine = {"HOME": "/h", "XDG_CACHE_HOME": "/c"}
    assert paths.sessions_folder(mine) == "/c/roledeck/sessions"
    assert paths.index_folder(mine) == "/c/roledeck/index"
    assert paths.state_folder(mine) == "/h/.local/state/roledeck"


def test_aws_files_follow_their_overrides():
    assert paths.shared_config_file({"HOME": "/h"}) == "/h/.aws/config"
    assert paths.shared_credentials_file({"HOME": "/h", "AWS_SHARED_CREDENTIALS_FILE": "~/c"}) == "/h/c"


def test_a_path_is_shown_as_a_person_writes_it():
    assert paths.shown("/h/.aws/config", {"HOME": "/h"}) == "~/.aws/config"
    assert paths.shown("/home/.aws/config", {"HOME": "/h"}) == "/home/.aws/config"


def test_within_a_child_whose_credentials_renew_the_owners_files_are_read():
    lent = {
        "HOME": "/h",
        "AWS_CONFIG_FILE": "/run/roledeck-lent-a/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/run/roledeck-lent-a/credentials",
    }
    told = {"ROLEDECK_AWS_CONFIG_FILE": "/mine/config", "ROLEDECK_AWS_SHARED_CREDENTIALS_FILE": "/mine/credentials"}
    assert paths.lent(lent)
    assert (paths.shared_config_file(lent | told), paths.shared_credentials_file(lent | told)) == ("/mine/config", "/mine/credentials")
    assert paths.shared_config_file(lent) == "/h/.aws/config"
    # who sets the variables anew means them
    assert paths.shared_config_file(lent | told | {"AWS_CONFIG_FILE": "/other"}) == "/other"
    assert paths.with_own_files(lent | told) == {
        "HOME": "/h",
        "AWS_CONFIG_FILE": "/mine/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/mine/credentials",
    }
    assert not paths.lent({"AWS_CONFIG_FILE": "/other"})
