"""Signing in against the embedded AWS, and what a token is then good for: renewed once, whoever asks; dropped when AWS takes it no more."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.errors import Cancelled, ConfigUnusable, OutOfReach, Refused, RoledeckError, SignedOut
from tui_app.model import Source, SsoSession
from tui_app.secret import Secret
from tui_app.sessions.sign_in import device, tokens
from tui_app.sessions.sign_in.browser import by_browser
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.listener import HOST, PATH, listening
from tui_app.sessions.sign_in.oidc import BROWSER_GRANTS, Ground, registration
from tui_app.sessions.sign_in.opening import can_open, open_link
from tui_app.sessions.sign_in.start import sign_out_of, way_for
from tui_app.sessions.sign_in.token_files import TokenFiles
from tui_app.sessions.sign_in.tokens import access_token, portal, role_credentials

ACCOUNT, PERMISSION_SET = "777700001111", "ReadOnlyAccess"


@pytest.fixture
def door(aws):
    return AwsDoor(aws.url)


@pytest.fixture
def hub(aws):
    return SsoSession("hub", f"{aws.url}/start", "eu-west-1")


@pytest.fixture
def ground(door, hub, bare_environ):
    return Ground(door, hub, TokenFiles(bare_environ), time.time)


@pytest.fixture
def approve(aws):
    """What a person does in the browser, given a prompt."""

    def do(prompt):
        if prompt.user_code:
            aws.control("POST", "approve", {"user_code": prompt.user_code})
            return
        get(prompt.link)
        state = parse_qs(urlsplit(prompt.link).query)["state"][0]
        get(aws.control("POST", "approve", {"state": state})["approved"])

    return do


@pytest.fixture
def at_once(monkeypatch):
    """Nothing waits between two questions to AWS."""
    monkeypatch.setattr(device, "pause", lambda _seconds, _stop: None)


@pytest.fixture
def signed_in(ground, approve, at_once):
    return by_device(ground, approve, never)


@pytest.fixture
def source(hub):
    details = {
        "sso_session": hub.name,
        "sso_start_url": hub.start_url,
        "sso_region": hub.region,
        "sso_account_id": ACCOUNT,
        "sso_role_name": PERMISSION_SET,
    }
    return Source("sso", "dev", details=details)


def never():
    return False


def get(address, host=None):
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())


def kept_with(ground, token, **changes):
    ground.files.keep_token(ground.sign_in, replace(token, **changes))


# -- the device code


def test_a_device_code_signs_in_and_the_token_is_kept(ground, approve, signed_in):
    assert ground.files.token(ground.sign_in).access == signed_in.access
    assert signed_in.left(time.time()) > 7 * 3600
    assert signed_in.renews(time.time())


def test_a_registration_is_used_again(aws, ground, approve, at_once):
    before = len(aws.calls("RegisterClient"))
    by_device(ground, approve, never)
    by_device(ground, approve, never)
    assert len(aws.calls("RegisterClient")) == before + 1


def test_a_registration_that_aws_has_forgotten_is_made_anew(ground, approve, at_once):
    client = registration(ground, ())
    ground.files.keep_registration(ground.sign_in, replace(client, client_secret=Secret("forgotten")))
    assert by_device(ground, approve, never)


def test_the_code_is_asked_for_until_it_is_approved_and_more_slowly_when_aws_says_so(aws, ground, approve, monkeypatch):
    waits = []
    shown = []

    def pause(seconds, stop):
        waits.append(round(seconds))
        if len(waits) == 4:
            approve(shown[0])

    monkeypatch.setattr(device, "pause", pause)
    assert by_device(ground, shown.append, never)
    assert waits[:4] == [1, 1, 6, 11]


@pytest.mark.parametrize("kind", ["500", "drop", "garbage", "html", "truncate", "throttle"])
def test_a_network_that_stumbles_does_not_end_the_waiting(aws, ground, approve, monkeypatch, kind):
    shown, waits = [], []

    def show(prompt):
        shown.append(prompt)
        aws.fault(kind, "sso-oidc:CreateToken", times=2)

    def pause(seconds, stop):
        waits.append(seconds)
        if len(waits) == 4:
            approve(shown[0])

    monkeypatch.setattr(device, "pause", pause)
    assert by_device(ground, show, never)
    assert len(waits) >= 4


def test_a_code_that_ran_out_is_a_sentence(aws, ground, at_once):
    with pytest.raises(Refused, match="not approved in time"):
        by_device(ground, lambda _: aws.advance(601), never)


def test_waiting_can_be_cancelled(ground):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        by_device(ground, lambda _: cancelled.set(), cancelled.is_set)
    assert ground.files.token(ground.sign_in) is None


def test_waiting_ends_by_itself(ground, monkeypatch):
    monkeypatch.setattr(device, "LONGEST_WAIT", 1)
    with pytest.raises(RoledeckError, match="not approved in time"):
        by_device(ground, lambda _: None, never)


@pytest.mark.parametrize(
    "page", ["http://elsewhere.example/start", "https://me:word@x.awsapps.com/start", "javascript:alert(1)", "https://a b"]
)
def test_a_start_page_that_is_no_https_address_is_refused(ground, page):
    with pytest.raises(ConfigUnusable, match="start URL"):
        by_device(replace(ground, sign_in=SsoSession("hub", page, "eu-west-1")), lambda _: None, never)


def test_a_loopback_start_page_is_only_for_a_loopback_aws(bare_environ, hub):
    real = Ground(AwsDoor(None), hub, TokenFiles(bare_environ), time.time)
    with pytest.raises(ConfigUnusable, match="start URL"):
        by_device(real, lambda _: None, never)


# -- the browser


def test_a_browser_signs_in(ground, approve):
    seen = []

    def show(prompt):
        seen.append(prompt)
        threading.Thread(target=approve, args=(prompt,)).start()

    token = by_browser(ground, show, never)
    assert ground.files.token(ground.sign_in).access == token.access
    asked = {name: values[0] for name, values in parse_qs(urlsplit(seen[0].link).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scopes"] == "sso:account:access"
    assert urlsplit(asked["redirect_uri"])[:3] == ("http", urlsplit(asked["redirect_uri"]).netloc, PATH)
    assert urlsplit(asked["redirect_uri"]).hostname == HOST
    assert len(asked["state"]) >= 32
    with pytest.raises(ConnectionRefusedError):
        get(asked["redirect_uri"])


def test_a_refusal_in_the_browser_is_cleaned(ground):
    def show(prompt):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(prompt.link).query).items()}
        back = f"{asked['redirect_uri']}?error=access_denied&error_description=No%1b%5b31m%20way&state={asked['state']}"
        threading.Thread(target=get, args=(back,)).start()

    with pytest.raises(Refused) as caught:
        by_browser(ground, show, never)
    assert caught.value.message == "The start page refused the sign-in: No␛[31m way."
    assert ground.files.token(ground.sign_in) is None


def test_a_browser_that_never_comes_back_can_be_given_up_on(ground):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        by_browser(ground, lambda _: cancelled.set(), cancelled.is_set)


def test_a_client_of_the_other_way_is_not_taken(ground, approve, at_once):
    by_device(ground, approve, never)
    assert ground.files.registration(ground.sign_in).grants == ()
    by_browser(ground, lambda prompt: threading.Thread(target=approve, args=(prompt,)).start(), never)
    assert ground.files.registration(ground.sign_in).grants == BROWSER_GRANTS


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 404),
        ("/oauth/callback/", 404),
        ("/oauth/callbackx?code=c&state=right", 404),
        ("/favicon.ico", 404),
        ("/oauth/callback", 400),
        ("/oauth/callback?code=c", 400),
        ("/oauth/callback?code=c&state=wrong", 400),
        ("/oauth/callback?error=x&state=wrong", 400),
        ("/oauth/callback?state=right", 400),
        ("/oauth/callback?code=&state=right", 400),
        ("/oauth/callback?code=c&state=right&state=wrong", 400),
        ("/oauth/callback?code=c&code=d&state=right", 400),
        ("/oauth/callback?code=c%0d%0ax&state=right", 400),
        ("/oauth/callback?" + "&".join(f"a{number}=1" for number in range(50)), 400),
    ],
)
def test_the_listener_takes_nothing_but_its_own_answer(target, status):
    with listening(Secret("right")) as listener:
        assert get(f"http://{HOST}:{listener.port}{target}")[0] == status
        assert listener.answer(0) is None


def test_the_listener_answers_once_with_a_page_that_tells_nothing():
    with listening(Secret("right")) as listener:
        back = f"{listener.redirect}?code=the-code&state=right"
        assert get(back, host=f"evil.example:{listener.port}")[0] == 404
        status, page, headers = get(back)
        assert status == 200
        assert "the-code" not in page
        assert "http" not in page
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Python" not in headers.get("Server", "")
        assert listener.answer(5).code == Secret("the-code")
        assert get(back)[0] == 404


def test_the_listener_is_on_this_machine_only():
    with listening(Secret("right")) as listener:
        listening_on = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]
        assert f"0100007F:{listener.port:04X}" in listening_on
        assert f"00000000:{listener.port:04X}" not in listening_on


def test_where_the_person_sits_decides_the_way(tmp_path):
    named, older = SsoSession("hub", "https://x.awsapps.com/start", "eu-west-1"), SsoSession("", "https://x.awsapps.com/start", "eu-west-1")
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    here = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert way_for(named, here) == "browser"
    assert way_for(older, here) == "device"
    assert way_for(named, {"PATH": str(tmp_path)}) == "device"
    assert way_for(named, here | {"SSH_CONNECTION": "1 2 3 4"}) == "device"
    assert way_for(named, {"BROWSER": "firefox", "SSH_CONNECTION": "1 2 3 4"}) == "browser"
    assert not can_open({"PATH": "", "DISPLAY": ":0"})


def test_the_browser_gets_the_link_as_one_word(tmp_path, wait_for):
    program, heard = tmp_path / "my browser", tmp_path / "heard"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {heard}\n')
    program.chmod(0o755)
    environ = {"PATH": "/usr/bin:/bin", "BROWSER": f"/not/there:'{program}' --new %s"}
    assert open_link("https://x.awsapps.com/a?b=c&d=$(id)", environ)
    assert wait_for(lambda: heard.exists() and heard.read_text()) == "--new\nhttps://x.awsapps.com/a?b=c&d=$(id)\n"
    assert not open_link("https://x.awsapps.com", {"BROWSER": "/not/there", "PATH": ""})


# -- tokens and what they are good for


def test_role_credentials(aws, door, bare_environ, signed_in, source):
    given = role_credentials(door, source, bare_environ, time.time)
    assert 0 < given.left(time.time()) <= 3600
    assert door.caller_identity(given.key).arn.startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_{PERMISSION_SET}_")


def test_without_a_token_a_person_is_needed(door, bare_environ, source, hub):
    with pytest.raises(SignedOut) as caught:
        role_credentials(door, source, bare_environ, time.time)
    assert caught.value.sentence() == "You are signed out of hub. Sign in with `roledeck login hub`."
    assert (caught.value.exit_code, caught.value.sign_in) == (3, "hub")


def test_a_permission_set_of_somebody_else(door, bare_environ, signed_in, source):
    other = replace(source, details={**source.details, "sso_role_name": "Nobody"})
    with pytest.raises(Refused) as caught:
        role_credentials(door, other, bare_environ, time.time)
    assert caught.value.message == f"The permission set Nobody is not assigned to you in {ACCOUNT}."
    assert "sso_role_name" in caught.value.next_step


def test_too_many_requests_are_out_of_reach_not_a_refusal(aws, door, bare_environ, signed_in, source):
    aws.fault("throttle", "sso:GetRoleCredentials", times=9)
    with pytest.raises(OutOfReach):
        role_credentials(door, source, bare_environ, time.time)


def test_a_token_near_its_end_is_renewed(aws, door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() + 600, unknown={"theirs": "kept"})
    renewed = access_token(door, hub, bare_environ, time.time)
    assert renewed.access != signed_in.access
    assert renewed.left(time.time()) > 7 * 3600
    assert ground.files.token(hub).unknown == {"theirs": "kept"}
    assert access_token(door, hub, bare_environ, time.time).access == renewed.access


def test_a_token_that_is_over_is_renewed_too(door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() - 86400)
    assert access_token(door, hub, bare_environ, time.time).access != signed_in.access


def test_without_a_refresh_token_it_is_used_to_its_end(door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() + 600, refresh=None)
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    kept_with(ground, signed_in, expires=time.time() + 30, refresh=None)
    with pytest.raises(SignedOut):
        access_token(door, hub, bare_environ, time.time)


def test_a_renewal_that_fails_leaves_what_is_good_and_is_not_tried_at_once_again(aws, door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() + 600)
    aws.fault("500", "sso-oidc:CreateToken")
    before = len(aws.calls("CreateToken"))
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    assert access_token(door, hub, bare_environ, time.time).access == signed_in.access
    assert len(aws.calls("CreateToken")) <= before + 1


def test_out_of_reach_is_said_when_nothing_good_is_left(aws, door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() - 5)
    aws.fault("500", "sso-oidc:CreateToken")
    with pytest.raises(OutOfReach):
        access_token(door, hub, bare_environ, time.time)
    assert ground.files.token(hub) is not None


def test_a_refresh_token_that_aws_takes_no_more_signs_out(door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() - 5, refresh=Secret("spent"))
    with pytest.raises(SignedOut):
        access_token(door, hub, bare_environ, time.time)
    assert ground.files.token(hub) is None


def test_a_token_that_aws_takes_no_more_is_renewed_once(aws, ground, bare_environ, signed_in, source):
    aws.advance(9 * 3600)
    assert role_credentials(ground.door, source, bare_environ, time.time)
    assert ground.files.token(ground.sign_in).access != signed_in.access


def test_a_revoked_token_is_dropped(door, bare_environ, signed_in, source, ground, hub):
    kept_with(ground, signed_in, refresh=None)
    door.call("sso", "Logout", region="eu-west-1", key=None, parameters={"accessToken": signed_in.access.reveal()})
    with pytest.raises(SignedOut):
        role_credentials(door, source, bare_environ, time.time)
    assert ground.files.token(hub) is None


def test_the_portal_lists_accounts(door, bare_environ, signed_in, hub):
    assert len(portal(door, hub, "ListAccounts", {"maxResults": 100}, bare_environ, time.time)["accountList"]) == 12


def test_an_older_profile_signs_in_by_its_start_url_and_gets_no_refresh_token(ground, approve, hub, at_once):
    older = replace(ground, sign_in=SsoSession("", hub.start_url, hub.region))
    token = by_device(older, approve, never)
    assert token.refresh is None
    assert ground.files.token(hub) is None
    assert ground.files.token(older.sign_in) is not None


def test_several_sign_ins_at_once(ground, approve, hub, at_once):
    other = replace(ground, sign_in=SsoSession("other", hub.start_url, hub.region))
    first, second = by_device(ground, approve, never), by_device(other, approve, never)
    assert ground.files.token(hub).access == first.access
    assert ground.files.token(other.sign_in).access == second.access


def test_signing_out_gives_the_token_back(door, bare_environ, signed_in, hub, ground):
    assert sign_out_of(door, hub, bare_environ, time.time) == (True, "")
    assert ground.files.token(hub) is None
    kept_with(ground, signed_in, refresh=None)
    with pytest.raises(SignedOut):
        portal(door, hub, "ListAccounts", {}, bare_environ, time.time)
    assert sign_out_of(door, hub, bare_environ, time.time) == (False, "")


def test_signing_out_works_without_aws_and_says_so(aws, door, bare_environ, signed_in, hub, ground):
    aws.fault("500", "sso:Logout", times=9)
    had, trouble = sign_out_of(door, hub, bare_environ, time.time)
    assert had
    assert trouble
    assert ground.files.token(hub) is None


# -- at the same time

WORKER = """
import os, sys, time
from tui_app.aws.door import AwsDoor
from tui_app.model import SsoSession
from tui_app.sessions.sign_in.tokens import access_token
door, hub = AwsDoor(sys.argv[1]), SsoSession("hub", sys.argv[1] + "/start", "eu-west-1")
print("ready", flush=True)
sys.stdin.readline()
print(access_token(door, hub, os.environ, time.time).access.reveal(), flush=True)
"""


def refreshes(aws):
    return aws.calls("sso-oidc:CreateToken")


def test_processes_renew_a_token_once(aws, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() + 30)
    before = len(refreshes(aws))
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, aws.url], env=bare_environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert {worker.stdout.readline().strip() for worker in workers} == {"ready"}
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    got = {worker.communicate(timeout=30)[0].strip() for worker in workers}
    assert got == {ground.files.token(hub).access.reveal()}
    assert len(refreshes(aws)) == before + 1


def test_threads_renew_a_token_once(aws, door, bare_environ, ground, signed_in, hub):
    kept_with(ground, signed_in, expires=time.time() + 30)
    before, got = len(refreshes(aws)), []
    threads = [threading.Thread(target=lambda: got.append(access_token(door, hub, bare_environ, time.time).access)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == {ground.files.token(hub).access}
    assert len(got) == 8
    assert len(refreshes(aws)) == before + 1


def test_a_token_that_the_aws_cli_renewed_in_the_meantime_is_taken(bare_environ, ground, signed_in, monkeypatch):
    door, hub = ground.door, ground.sign_in
    kept_with(ground, signed_in, expires=time.time() + 30)
    theirs = replace(signed_in, access=Secret("theirs"), expires=time.time() + 28800)

    def refused(*_arguments, **_more):
        ground.files.keep_token(hub, theirs)
        raise Refused("spent", code="InvalidGrantException")

    monkeypatch.setattr(tokens, "create_token", refused)
    assert access_token(door, hub, bare_environ, time.time).access == Secret("theirs")


# -- other programs


def test_botocore_takes_our_token(aws, bare_environ, signed_in, hub):
    aws_folder = Path(bare_environ["HOME"]) / ".aws"
    (aws_folder / "config").write_text(
        f"[sso-session hub]\nsso_start_url = {hub.start_url}\nsso_region = eu-west-1\n"
        f"[profile dev]\nsso_session = hub\nsso_account_id = {ACCOUNT}\nsso_role_name = {PERMISSION_SET}\nregion = eu-west-1\n"
    )
    program = "import boto3; print(boto3.Session(profile_name='dev').client('sts').get_caller_identity()['Arn'])"
    environ = bare_environ | {"AWS_ENDPOINT_URL": aws.url}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert f"assumed-role/AWSReservedSSO_{PERMISSION_SET}_" in done.stdout, done.stderr


@pytest.mark.program("aws")
def test_the_aws_cli_takes_our_token(aws, bare_environ, signed_in, hub):
    aws_folder = Path(bare_environ["HOME"]) / ".aws"
    (aws_folder / "config").write_text(
        f"[sso-session hub]\nsso_start_url = {hub.start_url}\nsso_region = eu-west-1\n"
        f"[profile dev]\nsso_session = hub\nsso_account_id = {ACCOUNT}\nsso_role_name = {PERMISSION_SET}\nregion = eu-west-1\n"
    )
    words = ["aws", "--profile", "dev", "--endpoint-url", aws.url, "sts", "get-caller-identity", "--output", "json"]
    environ = bare_environ | {"AWS_ENDPOINT_URL": aws.url}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(done.stdout)["Account"] == ACCOUNT, done.stderr
