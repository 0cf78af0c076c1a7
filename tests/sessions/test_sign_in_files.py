"""Tokens in the AWS CLI's own folder: its names, its format, whatever has been left there, and nobody else's eyes."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.catalog.load import load_catalog
from tui_app.clock import rfc3339
from tui_app.errors import RoledeckError
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.sign_in.token_files import Registration, SsoToken, TokenFiles, registration_name, token_name

PAGE = "https://corp.awsapps.com/start"
CORP = SsoSession("corp", PAGE, "eu-west-1")
OLDER = SsoSession("", PAGE, "eu-west-1")
LATER = 4_000_000_000.0


def token(**more):
    return SsoToken(PAGE, "eu-west-1", Secret("the-access-token"), LATER, **more)


@pytest.fixture
def folder(bare_environ):
    place = Path(bare_environ["HOME"]) / ".aws/sso/cache"
    place.mkdir(parents=True)
    return place


def put(folder, sign_in, content):
    path = folder / f"{token_name(sign_in)}.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_token_is_filed_under_the_session_name_or_the_start_url():
    assert token_name(CORP) == "ee0bfd2552fbd840c02cc48b6e823320543c450f"
    assert token_name(OLDER) == hashlib.sha1(PAGE.encode()).hexdigest()


def test_a_registration_is_filed_as_the_cli_files_it():
    scoped = SsoSession("corp", PAGE, "eu-west-1", ("sso:account:access",))
    asked = (
        '{"region": "eu-west-1", "scopes": ["sso:account:access"], "session_name": "corp", '
        '"startUrl": "https://corp.awsapps.com/start", "tool": "botocore"}'
    )
    assert registration_name(scoped) == hashlib.sha1(asked.encode()).hexdigest()
    asked = asked.replace('["sso:account:access"]', "null")
    assert registration_name(CORP) == hashlib.sha1(asked.encode()).hexdigest()
    asked = asked.replace('"corp"', "null")
    assert registration_name(OLDER) == hashlib.sha1(asked.encode()).hexdigest()


def test_what_is_written_is_what_the_cli_reads(bare_environ, folder):
    client = Registration("the-client", Secret("the-client-secret"), LATER + 5)
    TokenFiles(bare_environ).keep_token(CORP, token(registration=client, refresh=Secret("the-refresh-token"), unknown={"theirs": [1]}))
    assert json.loads((folder / f"{token_name(CORP)}.json").read_text()) == {
        "theirs": [1],
        "startUrl": PAGE,
        "region": "eu-west-1",
        "accessToken": "the-access-token",
        "expiresAt": rfc3339(LATER),
        "clientId": "the-client",
        "clientSecret": "the-client-secret",
        "registrationExpiresAt": rfc3339(LATER + 5),
        "refreshToken": "the-refresh-token",
    }


def test_what_is_kept_comes_back_with_what_we_do_not_know(bare_environ):
    files = TokenFiles(bare_environ)
    client = Registration("the-client", Secret("the-client-secret"), LATER)
    kept = token(registration=client, refresh=Secret("r"), unknown={"issuer": "theirs"})
    files.keep_token(CORP, kept)
    assert files.token(CORP) == kept
    with_scopes = Registration("the-client", Secret("s"), LATER, ("authorization_code", "refresh_token"))
    files.keep_registration(CORP, with_scopes)
    assert files.registration(CORP) == with_scopes


def test_files_and_folders_are_private(bare_environ):
    TokenFiles(bare_environ).keep_token(CORP, token())
    place = Path(bare_environ["HOME"]) / ".aws/sso/cache"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()] == [0o600]


@pytest.mark.parametrize(
    "spelling", ["2096-10-02T07:06:40Z", "2096-10-02T07:06:40UTC", "2096-10-02T07:06:40+00:00", "2096-10-02T07:06:40.5Z"]
)
def test_every_spelling_of_the_end_is_read(bare_environ, folder, spelling):
    put(folder, CORP, {"accessToken": "a", "expiresAt": spelling, "startUrl": PAGE})
    found = TokenFiles(bare_environ).token(CORP)
    assert found is not None
    assert int(found.expires) == LATER


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"accessToken": "a"}',
        b'{"accessToken": "a", "expiresAt": "soon"}',
        b'{"accessToken": "a", "expiresAt": 4000000000}',
        b'{"accessToken": "a", "expiresAt": "99999-01-01T00:00:00Z"}',
        b'{"accessToken": 7, "expiresAt": "2096-10-02T07:06:40Z"}',
        b'{"accessToken": "a\\r\\nHost: elsewhere", "expiresAt": "2096-10-02T07:06:40Z"}',
        b'{"accessToken": "a", "expiresAt": "2096-10-02T07:06:40Z", "startUrl": "https://other.awsapps.com/start"}',
        b" " * 70_000,
    ],
)
def test_junk_is_no_sign_in(bare_environ, folder, content):
    put(folder, CORP, content)
    assert TokenFiles(bare_environ).token(CORP) is None


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.text() | st.floats() | st.integers(),
        lambda inner: st.dictionaries(
            st.sampled_from(["accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt", "refreshToken", "startUrl"]),
            inner,
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_content_raises(content):
    place = Path(os.environ["HOME"]) / "junk/.aws/sso/cache"
    place.mkdir(parents=True, exist_ok=True)
    put(place, CORP, content)
    TokenFiles({"HOME": str(Path(os.environ["HOME"]) / "junk")}).token(CORP)


def test_what_an_interrupted_cli_left_behind_a_token_is_passed_over(bare_environ, folder):
    put(folder, CORP, json.dumps({"accessToken": "a", "expiresAt": "2096-10-02T07:06:40Z"}).encode() + b'78Z"}')
    assert TokenFiles(bare_environ).token(CORP) is not None


def test_a_pipe_in_place_of_a_token_does_not_hang(bare_environ, folder):
    os.mkfifo(folder / f"{token_name(CORP)}.json")
    assert TokenFiles(bare_environ).token(CORP) is None


def test_a_folder_in_place_of_a_token_is_no_sign_in(bare_environ, folder):
    (folder / f"{token_name(CORP)}.json").mkdir()
    assert TokenFiles(bare_environ).token(CORP) is None


def test_a_folder_that_cannot_be_made_is_a_sentence(bare_environ):
    (Path(bare_environ["HOME"]) / ".aws").write_text("a file")
    with pytest.raises(RoledeckError, match="cannot be kept"):
        TokenFiles(bare_environ).keep_token(CORP, token())
    assert TokenFiles(bare_environ).token(CORP) is None


def test_a_linked_folder_is_the_users_own_choice(bare_environ, tmp_path):
    (Path(bare_environ["HOME"]) / ".aws/sso").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (Path(bare_environ["HOME"]) / ".aws/sso/cache").symlink_to(tmp_path / "elsewhere")
    TokenFiles(bare_environ).keep_token(CORP, token())
    assert TokenFiles(bare_environ).token(CORP) == token()


def test_only_the_token_that_was_meant_is_dropped(bare_environ):
    files = TokenFiles(bare_environ)
    files.keep_token(CORP, token())
    assert not files.drop_token(CORP, SsoToken(PAGE, "eu-west-1", Secret("an older one"), LATER))
    assert files.token(CORP) == token()
    assert files.drop_token(CORP, token())
    assert files.token(CORP) is None
    assert not files.drop_token(CORP)


def test_a_demo_keeps_its_tokens_to_itself(bare_environ, tmp_path):
    demo = tmp_path / "roledeck-demo-x"
    demo.mkdir()
    TokenFiles(bare_environ | {"ROLEDECK_CONFIG": str(demo / "config.toml")}).keep_token(CORP, token())
    assert not (Path(bare_environ["HOME"]) / ".aws").exists()
    assert (demo / "aws/sso/cache").is_dir()


def test_a_token_tells_nothing_of_its_secrets():
    client = Registration("the-client", Secret("the-client-secret"), LATER)
    shown = repr(token(registration=client, refresh=Secret("the-refresh-token"), unknown={"x": "theirs"}))
    assert not any(word in shown for word in ("the-access-token", "the-client-secret", "the-refresh-token", "theirs"))


def test_sign_ins_come_from_every_file(bare_environ):
    aws, own = Path(bare_environ["HOME"]) / ".aws", Path(bare_environ["XDG_CONFIG_HOME"]) / "roledeck"
    aws.mkdir(exist_ok=True)
    own.mkdir(parents=True)
    (aws / "config").write_text(
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_registration_scopes = sso:account:access, codewhisperer:completions ,\n"
        "[sso-session half]\nsso_start_url = https://half.awsapps.com/start\n"
        "[profile older]\nsso_start_url = https://older.awsapps.com/start\nsso_region = us-east-1\n"
        "sso_account_id = 111122223333\nsso_role_name = Admin\n"
        "[profile newer]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
    )
    (own / "config.toml").write_text(
        '[sso.hub]\nstart_url = "https://hub.awsapps.com/start"\nregion = "eu-central-1"\nscopes = ["sso:account:access"]\n'
        '[sso.corp]\nstart_url = "https://not-this.awsapps.com/start"\nregion = "eu-central-1"\n'
    )
    catalog = load_catalog(bare_environ)
    assert not catalog.problems
    found = catalog.sign_ins
    assert set(found) == {"corp", "hub", "https://older.awsapps.com/start"}
    assert (found["corp"].start_url, found["corp"].scopes) == (
        "https://corp.awsapps.com/start",
        ("sso:account:access", "codewhisperer:completions"),
    )
    assert (found["hub"].region, str(found["hub"].origin)) == ("eu-central-1", f"{own / 'config.toml'}:1")
    assert found["https://older.awsapps.com/start"].asked_scopes == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('start_url = "http://elsewhere.example/start"\nregion = "eu-west-1"', "start URL is written like"),
        ('start_url = "https://hub.awsapps.com/start"\nregion = "Ireland"', "region is written like"),
        ('start_url = "https://hub.awsapps.com/start"', '"region" is missing'),
    ],
)
def test_a_bad_sign_in_of_our_own_is_told_with_its_line(bare_environ, written, said):
    own = Path(bare_environ["XDG_CONFIG_HOME"]) / "roledeck"
    own.mkdir(parents=True)
    (own / "config.toml").write_text(f"[sso.hub]\n{written}\n")
    catalog = load_catalog(bare_environ)
    assert [problem.where.line for problem in catalog.problems if said in problem.message]
    assert catalog.sign_ins == {}


def test_a_written_end_is_in_whole_seconds_and_never_later(bare_environ):
    files, end = TokenFiles(bare_environ), time.time() + 100.9
    files.keep_token(CORP, SsoToken(PAGE, "eu-west-1", Secret("a"), end))
    assert files.token(CORP).expires == int(end)
