"""What a person or a script gets back: an exit code, one sentence on stderr, and nothing on stdout but the answer."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

DEVELOPER = "production/CrossAccountDeveloperRole"
ADMIN = "production/AdminRole"


def sentence(done) -> str:
    """The one line on stderr, with nothing on stdout."""
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.endswith((".\n", "?\n"))
    assert "Traceback" not in done.stderr
    assert "!" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lss"], 2, 'There is no command "lss". Did you mean ls?'),
        (["asume", "x"], 2, "Did you mean assume?"),
        (["--verison"], 2, "roledeck has no option --verison. Did you mean --version?"),
        (["ls", "--jsn"], 2, "roledeck ls has no option --jsn. Did you mean --json?"),
        (["link"], 2, "roledeck link needs ROLE."),
        (["env", "x", "--format", "yaml"], 2, "it is one of sh, fish, powershell"),
        (["env", "x", "--duration", "soon"], 2, "not a duration"),
        (["env", "x", "--duration"], 2, "--duration needs a value."),
        (["link", "x", "y"], 2, 'roledeck link does not take "y".'),
        (["exec", DEVELOPER], 2, "There is no command to run."),
        (["link", "production/NoSuchRole"], 2, "NoSuchRole"),
        (["link", "prod"], 2, "prod"),
        (["env", "\x1b]0;x\x07"], 2, "\u241b"),
        (["--", "ls"], 2, 'There is no command "ls" after --.'),
        ([], 3, "The screen needs a terminal"),
        (["--no-color"], 3, "The screen needs a terminal"),
        (["env", ADMIN], 3, "Set ROLEDECK_MFA_CODE, or run roledeck assume production/AdminRole in a terminal."),
        (["credential-process", ADMIN], 3, "there is no terminal to ask on"),
        (["ls", "--config", "/no/such.toml"], 6, "There is no file /no/such.toml."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(roledeck, words, code, says):
    done = roledeck(*words)
    assert says in sentence(done)
    assert done.returncode == code


@pytest.mark.parametrize("words", [["ls", "--names"], ["--no-color", "ls", "--names"], ["ls", "--names", "--no-color", "--yes"]])
def test_global_options_stand_before_or_after(roledeck, words):
    done = roledeck(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "production/AdminRole" in done.stdout.splitlines()


@pytest.mark.parametrize("words", [["--version"], ["ls", "--version"]])
def test_version(roledeck, words):
    done = roledeck(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("roledeck ")


def test_help_names_every_command_and_every_command_has_help(roledeck, capsys):
    from tui_app.cli.main import COMMANDS, dispatch

    listed = roledeck("--help").stdout
    assert [name for name in COMMANDS if f"roledeck {name} " not in listed] == []
    for name in COMMANDS:
        with pytest.raises(SystemExit) as done:
            dispatch([name, "--help"], {"HOME": "/nowhere"})
        assert done.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: roledeck {name}")


def test_a_code_that_aws_refuses_is_a_refusal(roledeck):
    done = roledeck("env", ADMIN, ROLEDECK_MFA_CODE="000000")
    assert done.returncode == 4
    assert "MultiFactorAuthentication failed" in sentence(done)
    assert "000000" not in done.stderr


@pytest.mark.parametrize("code", ["12345", "abcdef", "1234567", "", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_a_code_that_is_none_is_never_sent(roledeck, aws, code):
    before = len(aws.calls("sts:GetSessionToken")) + len(aws.calls("sts:AssumeRole"))
    done = roledeck("env", ADMIN, ROLEDECK_MFA_CODE=code)
    assert (done.returncode, sentence(done)[:40]) == (2, "ROLEDECK_MFA_CODE is not six digits. Set"[:40])
    assert len(aws.calls("sts:GetSessionToken")) + len(aws.calls("sts:AssumeRole")) == before


def test_a_code_from_the_environment_is_enough(roledeck, aws):
    done = roledeck("exec", ADMIN, "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID $ROLEDECK_MFA_CODE.", ROLEDECK_MFA_CODE=aws.code())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ASIA")
    assert done.stdout.endswith(" .\n")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["sh", "-c", "kill -TERM $$"], -15),
        (["true"], 0),
        (["no-such-program"], 127),
        (["/etc/passwd"], 126),
        (["/tmp"], 126),
    ],
)
def test_the_commands_exit_code_is_ours(roledeck, command, code):
    assert roledeck("exec", DEVELOPER, "--", *command).returncode == code


def test_our_options_end_at_the_dashes(roledeck):
    done = roledeck("exec", DEVELOPER, "--", "printf", "%s,", "--version", "--json", "--", "--debug")
    assert (done.returncode, done.stdout) == (0, "--version,--json,--,--debug,")


def test_the_child_is_the_role_and_nobody_else(roledeck, aws):
    done = roledeck("exec", DEVELOPER, "--", sys.executable, "-c", "import os,json;print(json.dumps(dict(os.environ)))",
                    AWS_PROFILE="other", AWS_SECURITY_TOKEN="old", AWS_ENDPOINT_URL_S3="http://evil")  # fmt: skip
    child = json.loads(done.stdout)
    assert done.stderr == "AWS_ENDPOINT_URL_S3 is not handed on: the credentials would go elsewhere.\n"
    assert not {"AWS_PROFILE", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL_S3"} & set(child)
    assert child["AWS_ENDPOINT_URL"] == aws.url
    assert child["AWS_REGION"] == child["AWS_DEFAULT_REGION"] == "eu-west-1"
    keys = (child["AWS_ACCESS_KEY_ID"], child["AWS_SECRET_ACCESS_KEY"], child["AWS_SESSION_TOKEN"])
    assert ":assumed-role/CrossAccountDeveloperRole/" in aws.client("sts", keys).get_caller_identity()["Arn"]


def test_a_child_is_not_deaf_to_a_closed_pipe(roledeck):
    done = roledeck("exec", DEVELOPER, "--", "bash", "-c", "yes | head -1; echo ${PIPESTATUS[0]}")
    assert done.stdout == "y\n141\n"


@pytest.mark.parametrize("words", [["--help"], ["ls", "--names"], ["views"]])
def test_a_reader_that_leaves_is_no_failure(environ, words):
    script = f"set -o pipefail; {sys.executable} -m tui_app {' '.join(words)} | true"
    done = subprocess.run(["bash", "-c", script], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in {0, 141}


@pytest.mark.parametrize("words", ["ls", f"link {DEVELOPER}", "views --json"])
def test_an_answer_that_cannot_be_written_is_one_sentence(environ, words):
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m tui_app {words} >/dev/full"], env=environ, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "The answer cannot be written: no space left on device. Send it somewhere else."
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(("words", "code"), [("ls >&-", 0), ("ls nothing 2>&-", 0), ("link nosuch 2>&-", 2), ("link nosuch >&- 2>&-", 2)])
def test_a_stream_that_was_closed_from_the_start_is_not_missed(environ, words, code):
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m tui_app {words}"], env=environ, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (code, "")


def test_a_locale_without_letters_still_gets_an_answer(roledeck):
    done = roledeck("link", "é", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_account_that_asks_is_not_handed_over_unasked(roledeck, environ):
    with open(environ["ROLEDECK_CONFIG"], encoding="utf-8") as file:
        text = file.read()
    with open(environ["ROLEDECK_CONFIG"], "w", encoding="utf-8") as file:
        file.write(text + "\n[environment.prod]\nconfirm = true\n")
    done = roledeck("exec", DEVELOPER, "--", "true")
    assert (done.returncode, "Answer beforehand with --yes." in sentence(done)) == (3, True)
    assert roledeck("--yes", "exec", DEVELOPER, "--", "true").returncode == 0
    assert roledeck("link", DEVELOPER).returncode == 0


def test_a_shell_inside_a_shell_is_asked_about(roledeck):
    done = roledeck("shell", DEVELOPER, ROLEDECK_ROLE="production/AdminRole")
    assert done.returncode == 3
    assert "This is a shell of production/AdminRole already." in sentence(done)


def test_the_debug_log_is_private_and_says_nothing_secret(roledeck, environ, aws):
    done = roledeck("--debug", "env", ADMIN, "--format", "json", ROLEDECK_MFA_CODE=(code := aws.code()))
    answer = json.loads(done.stdout)
    log = os.path.join(environ["XDG_STATE_HOME"], "roledeck", "debug.log")
    assert stat.S_IMODE(os.stat(log).st_mode) == 0o600
    with open(log, encoding="utf-8") as file:
        text = file.read()
    assert "env started" in text
    secrets = [answer[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
    assert [secret for secret in [*secrets, code, "UniqueExternalId12345"] if secret in text] == []


def test_what_nobody_foresaw_is_a_sentence_too(environ, capfd, monkeypatch):
    from tui_app.cli import env
    from tui_app.cli.main import dispatch

    def break_down(_options, _context):
        secret = "canary-in-a-local"
        raise KeyError(secret, "canary-in-a-message")

    monkeypatch.setattr(env, "run", break_down)
    assert dispatch(["env", "x"], environ) == 1
    shown = capfd.readouterr()
    assert shown.out == ""
    assert shown.err == "Something went wrong inside roledeck (KeyError). ~/.local/state/roledeck/debug.log has where, without values.\n"
    with open(os.path.join(environ["XDG_STATE_HOME"], "roledeck", "debug.log"), encoding="utf-8") as file:
        text = file.read()
    assert "builtins.KeyError" in text
    assert "break_down" in text
    assert "canary" not in text


def test_ctrl_c_is_130(environ, monkeypatch):
    from tui_app.cli import link
    from tui_app.cli.main import dispatch

    def interrupted(_options, _context):
        raise KeyboardInterrupt

    monkeypatch.setattr(link, "run", interrupted)
    assert dispatch(["link", "x"], environ) == 130
