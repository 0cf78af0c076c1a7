"""`roledeck resources ROLE --view V --every TIME`: the rows again and again, what changed marked."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from tui_app.cli.main import dispatch

ROLEDECK = [sys.executable, "-m", "tui_app"]
ROLE, ACCOUNT = "sandbox/ReadOnly", "999900001111"
VIEW = ("--view", "sns-topics")


@pytest.fixture
def refused(environ, capsys):
    def run(*words: str) -> tuple[int, str]:
        code = dispatch(["resources", ROLE, *words], dict(environ))
        told = capsys.readouterr()
        assert told.out == ""
        return code, told.err

    return run


@pytest.mark.parametrize("text", ["1s", "0", "-3", "soon", "2h", "", "10 s", "\x1b[31m5s"])
def test_times_that_are_none_are_refused_in_a_sentence(refused, text):
    code, err = refused(*VIEW, "--json", f"--every={text}")
    assert code == 2
    assert "The time between two reloads is 2s to 1h" in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "none is named"),
        ((*VIEW, "--csv"), "--csv is one table"),
        (VIEW, "draws on a terminal"),
    ],
)
def test_what_cannot_be_shown_is_refused(refused, words, sentence):
    code, err = refused(*words, "--every", "10s")
    assert code == 2
    assert sentence in err


def test_what_costs_money_does_not_begin_without_a_yes(environ, aws):
    words = ["resources", ROLE, "--view", "s3-objects", "--in", "sandbox-playground", "--json", "--every", "10s"]
    nobody = {"stdin": subprocess.DEVNULL, "start_new_session": True}
    done = subprocess.run([*ROLEDECK, *words], env=environ, capture_output=True, text=True, timeout=60, check=False, **nobody)
    assert done.returncode == 3
    assert "at least 360 calls an hour" in done.stderr
    assert done.stdout == ""


def test_json_is_one_document_a_line_until_it_is_interrupted(environ, aws):
    words = [*ROLEDECK, "resources", ROLE, *VIEW, "--json", "--every", "2s"]
    with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        first = json.loads(running.stdout.readline())
        second = json.loads(running.stdout.readline())
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 130
        assert "Traceback" not in running.stderr.read()
    assert first["identity"]["account"] == ACCOUNT
    assert [view["view"] for view in first["views"]] == [view["view"] for view in second["views"]]


def test_a_terminal_is_shown_what_changed(environ, aws, on_terminal):
    topics = aws.seed(ACCOUNT)("sns")
    old = topics.create_topic(Name="leaving")["TopicArn"]
    running = on_terminal([*ROLEDECK, "resources", ROLE, *VIEW, "--every", "2s"], **environ | {"TERM": "xterm-256color"})
    running.expect("nothing has changed yet")
    running.expect("leaving")
    new = topics.create_topic(Name="arriving")["TopicArn"]
    topics.delete_topic(TopicArn=old)
    running.expect("1 new, 1 gone at")
    running.expect("+ arriving")
    running.expect("- 1 row gone: ")
    running.type("\x03")
    assert running.exit_code() == 130
    topics.delete_topic(TopicArn=new)  # other tests know every topic of the account
