"""What is written to the log says where and what kind, never a value."""

from __future__ import annotations

import gc
import logging
import os
import pathlib
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.cli import redaction
from tui_app.errors import Refused
from tui_app.secret import Secret


@pytest.fixture
def log(tmp_path):
    """A started debug log; its text so far."""
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    path = redaction.start_log(environ)
    yield lambda: pathlib.Path(path).read_text(encoding="utf-8")
    for handler in [handler for handler in logging.root.handlers if isinstance(handler, redaction._Handler)]:
        logging.root.removeHandler(handler)
        handler.close()


@given(st.text(st.characters(exclude_characters="•"), min_size=6, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_a_living_secret_is_never_in_the_text(value, before, after):
    secret = Secret(value)
    with pytest.MonkeyPatch.context() as patch:
        # all that is alive in a worker that has moto would be a tenth of a second for each example
        patch.setattr(redaction.gc, "get_objects", lambda: [value, secret])
        shown = redaction.redacted(before + secret.reveal() + after)
    assert secret.reveal() not in shown


def test_a_secret_is_found_wherever_it_lives():
    secrets = [Secret("canary-in-a-list")], {"key": Secret("canary-in-a-mapping")}
    assert redaction.redacted("canary-in-a-list canary-in-a-mapping") == "•••• ••••"
    assert len(secrets) == 2


def test_a_secret_is_found_after_the_screen_has_frozen_what_lives():
    secret = Secret("canary-of-before")
    gc.freeze()
    try:
        assert redaction.redacted("canary-of-before") == "••••"
    finally:
        gc.unfreeze()
    assert secret


@pytest.mark.parametrize(
    "text",
    [
        "key AKIAIOSFODNN7EXAMPLE used",
        "<SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>",
        '"SessionToken": "IQoJb3JpZ2luX2VjEJr"',
        "TokenCode=135790",
        "code 135790 refused",
        "ExternalId=UniqueExternalId12345&Version",
        "X-Amz-Security-Token: FwoGZXIvYXdzEBYaDN",
        "https://signin.aws.amazon.com/federation?Action=login&SigninToken=VCQgs5qZZt3Q6fn8Tr5EXAMPLE",
        "password = hunter2hunter2",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text):
    shown = redaction.redacted(text)
    assert "••••" in shown
    hidden = ["AKIAIOSFODNN7EXAMPLE", "wJalr", "IQoJb3", "135790", "UniqueExternalId", "FwoGZ", "VCQgs", "hunter2"]
    assert [value for value in hidden if value in shown] == []


@pytest.mark.parametrize(
    "text", ["account 111122223333", "arn:aws:iam::111122223333:role/Admin", "3600 seconds", "/usr/lib/python3.11/x.py:123456"]
)
def test_what_people_need_stays(text, monkeypatch):
    monkeypatch.setattr(redaction.gc, "get_objects", list)  # codes of other tests that are still alive would be hidden too
    assert redaction.redacted(text) == text


def test_records_and_tracebacks_are_redacted(log):
    secret = Secret("canary-value")
    try:
        int("canary-message")
    except ValueError:
        logging.getLogger("tui_app").exception("failed with %s and %s", secret.reveal(), "\x1b[2Jtext")
    text = log()
    assert "builtins.ValueError" in text
    assert "test_records_and_tracebacks" in text
    assert "canary" not in text
    assert "\x1b" not in text


def test_our_own_sentences_stay(log):
    redaction.log("failed", failure=Refused("AWS said no.", "Ask."))
    assert "tui_app.errors.Refused: AWS said no. Ask." in log()


def test_libraries_that_log_requests_are_kept_quiet(log):
    logging.getLogger("botocore.parsers").debug("response with a secret")
    logging.getLogger("botocore.parsers").info("response with a secret")
    assert "response" not in log()


def test_the_log_is_private_and_no_link_is_followed(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    target = tmp_path / "target"
    target.write_text("untouched")
    folder = tmp_path / "roledeck"
    folder.mkdir()
    (folder / "debug.log").symlink_to(target)
    assert redaction.start_log(environ) is None
    assert target.read_text() == "untouched"
    (folder / "debug.log").unlink()
    os.mkfifo(folder / "debug.log")
    assert redaction.start_log(environ) is None
    (folder / "debug.log").unlink()
    (folder / "debug.log").write_text("old")
    (folder / "debug.log").chmod(0o644)
    redaction.unexpected(KeyError("x"), environ)
    assert stat.S_IMODE((folder / "debug.log").stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "roledeck").write_text("a file where the folder should be")
    told = redaction.unexpected(KeyError("canary"), {"XDG_STATE_HOME": str(tmp_path)})
    assert told.sentence() == "Something went wrong inside roledeck (KeyError). The log in the state folder cannot be written."


def test_causes_are_followed_once(tmp_path):
    first = ValueError("canary")
    first.__cause__ = second = KeyError("canary")
    second.__cause__ = first
    assert redaction.places(first).splitlines() == ["builtins.ValueError", "builtins.KeyError"]


BROKEN = """
import threading
import tui_app.cli.main as cli
cli._keep_values_off_the_screen()
def worker():
    local = "canary-local"
    raise ValueError("canary-message")
thread = threading.Thread(target=worker)
thread.start()
thread.join()
raise KeyError("canary-key")
"""


def test_python_itself_prints_no_values(tmp_path):
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": os.path.dirname(os.path.dirname(redaction.__file__)) + "/.."}
    done = subprocess.run([sys.executable, "-c", BROKEN], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "canary" not in done.stderr
    text = (tmp_path / "roledeck" / "debug.log").read_text()
    assert "worker" in text
    assert "canary" not in text


def test_the_log_starts_anew_when_it_is_large(tmp_path):
    path = tmp_path / "roledeck" / "debug.log"
    path.parent.mkdir()
    path.write_bytes(b"x" * (redaction.LOG_LIMIT + 1))
    redaction.unexpected(KeyError("x"), {"XDG_STATE_HOME": str(tmp_path)})
    assert path.stat().st_size < 10_000
