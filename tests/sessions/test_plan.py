"""What would happen, before it happens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.load import load_catalog
from tui_app.sessions.broker import Broker, Wanted
from tui_app.sessions.plan import session_name

NOW = 1_800_000_000.0
KEYS = """
[dev]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = x
[temporary]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = x
aws_session_token = t
"""
SERIAL = "arn:aws:iam::444455556666:mfa/Dev"
SHARED = f"""
[profile plain]
role_arn = arn:aws:iam::111122223333:role/Plain
source_profile = dev
[profile coded]
role_arn = arn:aws:iam::111122223333:role/Coded
source_profile = dev
mfa_serial = {SERIAL}
[profile long]
role_arn = arn:aws:iam::111122223333:role/Long
source_profile = dev
mfa_serial = {SERIAL}
duration_seconds = 7200
[profile chained]
role_arn = arn:aws:iam::111122223333:role/Chained
source_profile = coded
duration_seconds = 7200
role_session_name = my name
[profile from-temporary]
role_arn = arn:aws:iam::111122223333:role/Other
source_profile = temporary
mfa_serial = {SERIAL}
"""


@pytest.fixture
def plan(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(SHARED)
    (tmp_path / ".aws" / "credentials").write_text(KEYS)

    def make(key, wanted=None, config=""):
        own = tmp_path / "config.toml"
        own.write_text(config)
        environ = {"HOME": str(tmp_path), "USER": "me", "ROLEDECK_CONFIG": str(own)}
        broker = Broker(load_catalog(environ), environ, clock=lambda: NOW)
        return broker.plan(broker.catalog.role(key), wanted or Wanted())

    return make


@pytest.mark.parametrize(
    ("key", "wanted", "config", "strategy", "durations"),
    [
        ("plain", Wanted(), "", "none", [3600]),
        ("coded", Wanted(), "", "session", [3600]),
        ("coded", Wanted(duration=3601), "", "direct", [3601]),
        ("coded", Wanted(fresh_code=True), "", "direct", [3600]),
        ("long", Wanted(), "", "direct", [7200]),
        ("long", Wanted(duration=900), "", "session", [900]),
        ("long", Wanted(), '[defaults]\nmfa = "session"\n', "session", [3600]),
        ("coded", Wanted(), '[defaults]\nmfa = "direct"\n', "direct", [3600]),
        ("coded", Wanted(), '[defaults]\nduration = "2h"\n', "direct", [7200]),
        ("plain", Wanted(), f'[defaults]\nmfa_serial = "{SERIAL}"\n', "session", [3600]),
        ("chained", Wanted(), "", "session", [3600, 3600]),
        ("chained", Wanted(duration=7200), "", "session", [3600, 3600]),
        ("from-temporary", Wanted(), "", "none", [3600]),
    ],
)
def test_strategy_and_durations(plan, key, wanted, config, strategy, durations):
    found = plan(key, wanted, config)

    assert found.strategy == strategy
    assert [hop.duration for hop in found.hops] == durations
    assert [hop.asks_for_code for hop in found.hops] == [strategy != "none"] + [False] * (len(durations) - 1)


def test_why_a_duration_is_what_it_is(plan):
    assert plan("chained").hops[1].why_duration.startswith("2h asked, capped at 1h: a role that is assumed by a role")
    assert "MFA session" in plan("long", config='[defaults]\nmfa = "session"\n').hops[0].why_duration


def test_a_serial_that_cannot_be_used_is_noted(plan):
    assert any("not used" in note for note in plan("from-temporary").hops[0].notes)


def test_each_hop_is_filed_on_its_own(plan):
    assert plan("chained").hops[0].name == plan("coded").hops[0].name
    assert plan("chained").hops[1].name != plan("coded").hops[0].name
    assert plan("coded", Wanted(duration=900)).hops[0].name != plan("coded").hops[0].name
    assert plan("coded", Wanted(duration=900)).hops[0].family == plan("coded").hops[0].family


def test_session_names(plan):
    assert plan("plain").hops[0].session_name == "me"
    assert plan("chained").hops[1].session_name == "my-name"
    environ = {"USER": "Jo Ann", "HOSTNAME": "box.local"}
    assert session_name("{user}@{host}", "path/Dev", environ, NOW) == "Jo-Ann@box.local"
    assert session_name("{role}-{date}-{time}", "path/Dev", environ, NOW).startswith("Dev-2027-01-1")
    assert session_name("{user}", "Dev", {"USER": "x"}, NOW) == "xroledeck"
    assert session_name("{user}", "Dev", {}, NOW) == "roledeck"


@given(st.text(max_size=100), st.text(max_size=80), st.text(max_size=80))
def test_any_template_gives_a_name_that_aws_takes(template, role, user):
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session_name(template, role, {"USER": user}, NOW), re.ASCII)
