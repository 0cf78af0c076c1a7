"""The main job by keys alone, in a real terminal: from one command to a subshell that has the credentials, and back."""

from __future__ import annotations

import re
import sys

import pytest

ROLEDECK = f"{sys.executable} -m tui_app"


def find(terminal, words: str) -> None:
    """Filter the list to one role and go to it."""
    terminal.press("/")
    terminal.type(words)
    terminal.wait_for(r"1 of \d+")
    terminal.press("Enter")
    terminal.wait_for(r"enter assume")


def test_a_newcomer_becomes_a_role_and_hands_it_on(terminal):
    terminal.run(f"{ROLEDECK} demo")
    terminal.wait_for("CrossAccountDeveloperRole")

    # a role that asks for no code is live with one key, and its time runs
    find(terminal, "CrossAccountDeveloper")
    terminal.press("Enter")
    terminal.wait_for(r"● production +CrossAccountDeveloperRole.*\d:\d\d|● production +CrossAccountDeveloperRole.*\dh \d\dm")
    terminal.wait_for(r"arn:aws:sts::111122223333:assumed-role/")

    # one that wants a code gets it from the demo's authenticator, read from the screen
    terminal.press("Escape")
    terminal.wait_for(r"All roles")
    find(terminal, "production AdminRole")
    terminal.press("Enter")
    code = terminal.wait_for(r"[Aa]uthenticator\s+(\d{6})\b")[1]
    terminal.type(code)
    assert code not in re.sub(r"[Aa]uthenticator\s+\d{6}", "", terminal.screen()), "the code is masked where it is typed"
    terminal.press("Enter")
    terminal.wait_for(r"● production +AdminRole.*\d:\d\d")

    # a subshell has the credentials, and coming back finds the list as it was
    terminal.press("s")
    terminal.wait_for(r"exit goes back to roledeck\.\s+\[prod production/AdminRole until \d\d:\d\d\]")
    terminal.run('echo "<${AWS_ACCESS_KEY_ID:0:4}> <$ROLEDECK_ROLE>"')
    terminal.wait_for(r"<ASIA> <production/AdminRole>")
    terminal.run("exit 7")
    terminal.wait_for(r"● production +AdminRole")
    terminal.wait_for(r"subshell ended with 7")

    # the switch-role link says how it was copied
    terminal.press("c")
    terminal.wait_for(r"link (sent to|copied)")

    terminal.press("q")
    terminal.wait_for(r"[$#]\s*\Z")
    assert terminal.flag("alternate_on") == "0"
    assert terminal.flag("cursor_flag") == "1"


def test_a_wrong_code_is_refused_in_aws_words_and_the_next_one_is_taken(terminal):
    terminal.run(f"{ROLEDECK} demo")
    terminal.wait_for("AdminRole")
    find(terminal, "production AdminRole")
    terminal.press("Enter")
    right = terminal.wait_for(r"[Aa]uthenticator\s+(\d{6})\b")[1]
    terminal.type(f"{(int(right) + 1) % 1_000_000:06d}")
    terminal.press("Enter")
    terminal.wait_for("MultiFactorAuthentication failed")
    terminal.press("Escape")
    terminal.wait_for("Enter the code", gone=True)
    terminal.press("q")
    terminal.wait_for(r"[$#]\s*\Z")


@pytest.mark.parametrize("signal", ["TERM", "HUP", "QUIT"])
def test_the_terminal_is_whole_after_a_signal(terminal, signal):
    terminal.run(f"{ROLEDECK} demo & echo pid-$!; fg")
    pid = terminal.wait_for(r"CrossAccountDeveloperRole") and terminal.flag("pane_pid")
    terminal._tmux("run-shell", f"pkill -{signal} -f 'tui_app demo' -P {pid} || true")
    terminal.wait_for(r"[$#]\s*\Z")
    assert terminal.flag("alternate_on") == "0"
    assert terminal.flag("mouse_any_flag") == "0"
    terminal.run("stty -a | grep -c -- ' -echo '")
    terminal.wait_for(r"(?m)^0$")
