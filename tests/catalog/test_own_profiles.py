"""Profiles that lead back to roles of ours: the list is the same with them and without, by the full reading and by the quick ones."""

from __future__ import annotations

import pathlib

import pytest

from tui_app.catalog import quick
from tui_app.catalog.load import load_catalog
from tui_app.catalog.quick import names_fast, quick_rows

OWN = """
[[account]]
id = "111122223333"
name = "production"
  [[account.role]]
  name = "team/Dev"
  via = "base"
[[account]]
id = "444455556666"
name = "sand box"
  [[account.role]]
  name = "Dev"
  via = "production/team/Dev"
"""
KEYS = "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = example\n"
OUR = "credential_process = /bin/roledeck credential-process production/team/Dev"
THEIRS = "credential_process = aws-vault export --format=json production/team/Dev"
BY_ID = "111122223333/team/Dev"


@pytest.fixture
def written(bare_environ):
    """The environment with these files."""

    def write(shared: str, credentials: str = KEYS):
        home = pathlib.Path(bare_environ["HOME"])
        for place, text in ((".config/roledeck/config.toml", OWN), (".aws/config", shared), (".aws/credentials", credentials)):
            (home / place).parent.mkdir(parents=True, exist_ok=True)
            (home / place).write_text(text, encoding="utf-8")
        return bare_environ

    return write


@pytest.mark.parametrize(
    ("shared", "credentials", "first"),
    [
        ("", KEYS, "production/team/Dev"),
        (f"[profile production/team/Dev]\n{OUR}\nregion = x\n", KEYS, "production/team/Dev"),
        (f"[profile production/team/Dev]\nregion = x\n{OUR}\n[profile z]\n", KEYS, "production/team/Dev"),
        (f"[profile production/team/Dev]\n{OUR.upper()[:18]}{OUR[18:]}\n", KEYS, "production/team/Dev"),
        (f"[profile production/team/Dev]\n{OUR.replace(' = ', '=')}\n", KEYS, "production/team/Dev"),
        (f"[profile production/team/Dev]\nregion = x\n[profile production/team/Dev]\n{OUR}\n", KEYS, "production/team/Dev"),
        ("", f"{KEYS}[production/team/Dev]\n{OUR}\n", "production/team/Dev"),
        (f"[profile production/team/Dev]\n{OUR}\n", f"{KEYS}[production/team/Dev]\n{THEIRS}\n", BY_ID),
        (f"[profile production/team/Dev]\n{THEIRS}\n", f"{KEYS}[production/team/Dev]\n{OUR}\n", "production/team/Dev"),
        (f"[profile production/team/Dev]\n{THEIRS}\n", KEYS, BY_ID),
        (f"[profile production/team/Dev]\n# {OUR}\nregion = x\n", KEYS, BY_ID),
    ],
)
def test_a_role_keeps_its_name_where_the_profile_of_that_name_is_the_role(written, monkeypatch, shared, credentials, first):
    environ = written(shared, credentials)
    keys = [role.key for role in load_catalog(environ).roles]
    assert keys == [first, "sand box/Dev"]
    assert names_fast(environ) == keys
    monkeypatch.setattr(quick, "LARGE", 0)
    rows = quick_rows(environ)
    assert rows is not None
    assert list(rows.names) == keys


def test_a_way_by_such_a_profile_is_the_way_by_its_role(written):
    from tui_app.catalog.chain import resolve_chain

    environ = written(
        f"[profile rd]\n{OUR}\n[profile child]\nrole_arn = arn:aws:iam::777788889999:role/Child\nsource_profile = rd\n"
        f"[profile production/team/Dev]\n{OUR}\n"
    )
    catalog = load_catalog(environ)
    for key in ("child", "sand box/Dev"):
        role = catalog.role(key)
        assert role is not None
        chain = resolve_chain(catalog, role)
        assert [hop.role.key for hop in chain.hops] == ["production/team/Dev", key]
        assert (chain.source.kind, chain.problems) == ("static", ())


def test_a_profile_of_a_role_that_is_gone_stays_a_program(written):
    from tui_app.catalog.chain import resolve_chain

    gone = OUR.replace("production", "gone")
    environ = written(f"[profile rd]\n{gone}\n[profile child]\nrole_arn = arn:aws:iam::777788889999:role/Child\nsource_profile = rd\n")
    catalog = load_catalog(environ)
    role = catalog.role("child")
    assert role is not None
    assert resolve_chain(catalog, role).source.kind == "process"
