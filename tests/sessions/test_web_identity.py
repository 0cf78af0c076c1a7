"""A role by a token in a file: read at use, kept like any session, the seed of a chain."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path

import pytest

from tui_app.errors import ConfigUnusable, NeedsPerson, RoledeckError, SessionExpired
from tui_app.sessions.broker import Wanted
from tui_app.sessions.sources.web_identity import token_in

ACCOUNT = "111122223333"
HOST = "oidc.example.test"


def token(**claims) -> str:
    given = {"iss": f"https://{HOST}", "aud": "sts.amazonaws.com", "sub": "system:pod", "exp": int(time.time()) + 600, **claims}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, given)]
    return ".".join([*parts, "c2ln"])


@pytest.fixture
def pod(world, tmp_path):
    """The profile `pod`, its token file, and `onward`, a role that it may assume."""
    iam = world.aws.seed(ACCOUNT)("iam")
    name = f"Pod{os.path.basename(tmp_path)[-40:]}".replace("_", "-")[:60]
    try:
        provider = iam.create_open_id_connect_provider(Url=f"https://{HOST}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])
        arn = provider["OpenIDConnectProviderArn"]
    except iam.exceptions.EntityAlreadyExistsException:
        arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
    statement = {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity"}
    trust = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": {"StringEquals": {f"{HOST}:sub": "system:pod"}}}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="on", PolicyDocument=json.dumps(allow))
    trust["Statement"] = [{"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sts:AssumeRole"}]
    onward = iam.create_role(RoleName=f"On{name}"[:60], AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=14400)["Role"]["Arn"]
    file = tmp_path / "token"
    file.write_text(token() + "\n")
    world.shared(
        f"[profile pod]\nrole_arn = {role}\nweb_identity_token_file = {file}\nrole_session_name = from-pod\nregion = eu-west-1\n"
        f"[profile onward]\nrole_arn = {onward}\nsource_profile = pod\nduration_seconds = 14400\nregion = eu-west-1\n"
    )
    world.calls()
    return file


def test_a_token_gives_a_session_that_is_kept_verified_and_forgotten_like_any(world, pod):
    session = world.obtain("pod")

    assert session.identity.arn.endswith("/from-pod")
    assert session.identity.verified > 0
    assert (session.role_key, session.hops, session.renews, session.source_of_code) == ("pod", 0, "itself", "none")
    assert world.calls() == ["AssumeRoleWithWebIdentity", "GetCallerIdentity"]
    world.reload()
    assert world.obtain("pod").from_cache
    assert world.broker.peek(world.role("pod")).credentials == session.credentials
    assert [kept.role_key for kept in world.broker.known()] == ["pod"]
    assert world.broker.plan(world.role("pod")).start.cached_until == session.credentials.expires
    assert os.path.exists(world.broker.session_file(world.role("pod")))
    assert world.calls() == []
    assert world.obtain("pod", Wanted(fresh=True)).credentials != session.credentials
    assert [entry["event"] for entry in world.broker.journal.entries()] == ["assume", "renew"]
    (told,) = world.broker.forget("pod")
    assert told.startswith("pod, ")
    assert world.broker.peek(world.role("pod")) is None


def test_roles_from_there_are_chained_and_share_its_session(world, pod):
    plan = world.broker.plan(world.role("onward"))
    assert [hop.duration for hop in plan.hops] == [3600]
    assert "role session itself" in plan.hops[0].why_duration
    session = world.obtain("onward")
    assert (session.hops, session.duration) == (1, 3600)
    assert world.calls() == ["AssumeRoleWithWebIdentity", "GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]
    assert world.obtain("pod").from_cache
    world.obtain("onward", Wanted(fresh=True))
    assert world.calls() == ["AssumeRole", "GetCallerIdentity"]


def test_the_environment_does_not_replace_an_explicit_profile(world, pod, tmp_path):
    world.environ |= {"AWS_ROLE_ARN": "arn:aws:iam::999988887777:role/Other", "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "none")}
    world.reload()
    assert world.obtain("pod").identity.account == ACCOUNT


def test_it_renews_itself_with_the_token_of_then_and_stays_in_use_when_there_is_none(world, pod):
    first = world.obtain("pod")
    world.clock.offset = 3600 - 1100
    pod.unlink()
    assert_kept = world.obtain("pod")
    assert assert_kept.credentials == first.credentials
    pod.write_text(token(jti="next"))
    assert world.obtain("pod").credentials != first.credentials


def test_longer_than_the_maximum_is_asked_once_more_and_remembered(world, pod):
    assert world.obtain("pod", Wanted(duration=7200)).duration == 3600
    assert world.calls() == ["AssumeRoleWithWebIdentity", "AssumeRoleWithWebIdentity", "GetCallerIdentity"]
    assert world.reload().plan(world.role("pod"), Wanted(duration=7200)).start.duration == 3600


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (None, ConfigUnusable, r"token \(.*config:\d+\) cannot be read: no such file"),
        ("", ConfigUnusable, "has no token in it"),
        ("two words", ConfigUnusable, "has no token in it"),
        ("x" * 30_000, ConfigUnusable, "has no token in it"),
        ("<html>\nsign in\n</html>", ConfigUnusable, "has no token in it"),
        ("not.a.token", RoledeckError, "did not accept the web identity token"),
        (token(sub="system:other"), RoledeckError, "trust policy does not accept this web identity token"),
        (token(exp=1), SessionExpired, "web identity token has expired"),
    ],
)
def test_a_token_that_is_none_is_one_sentence(world, pod, text, error, sentence):
    if text is None:
        pod.unlink()
    else:
        pod.write_text(text)
    with pytest.raises(error, match=sentence) as caught:
        world.obtain("pod")
    assert not text or text not in caught.value.sentence()
    assert world.broker.sessions() == ()


def test_a_fifo_is_no_token_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(ConfigUnusable, match="cannot be read"):
        token_in(str(tmp_path / "fifo"), {})
    with pytest.raises(ConfigUnusable, match="cannot be read"):
        token_in(str(tmp_path), {})
    with pytest.raises(ConfigUnusable, match="cannot be read"):
        token_in("a\0b", {})


def test_a_relative_path_counts_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("token").write_text("abcd.efgh.ijkl\n")
    assert token_in("token", {}).reveal() == "abcd.efgh.ijkl"


def test_the_token_reaches_no_file_and_no_message(world, pod, files_of):
    given = pod.read_text().strip()
    world.obtain("pod")
    home = world.environ["HOME"]
    assert not [file for file in files_of(home) if given in Path(file).read_text(errors="replace")]


def test_a_session_that_is_past_by_our_clock_is_not_handed_over(world, pod):
    world.clock.offset = 2 * 3600
    with pytest.raises(RoledeckError, match="past by this machine's clock") as caught:
        world.obtain("pod")
    assert not isinstance(caught.value, NeedsPerson)
    with pytest.raises(RoledeckError, match="past by this machine's clock"):
        world.obtain("staging-readonly")
    assert world.broker.known() == ()
