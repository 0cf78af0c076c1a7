"""`roledeck demo serve` and `roledeck demo COMMAND` as programs: what they print, what they leave behind, how they end."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path

import pytest

NAMES = [
    "AWS_ENDPOINT_URL",
    "ROLEDECK_ENDPOINT_URL",
    "ROLEDECK_CONFIG",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_DEFAULT_REGION",
    "ROLEDECK_DEMO_SECRET",
]


class Serving:
    """A running `demo serve`."""

    def __init__(self, environ, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui_app", "demo", "serve", *words],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self.lines[-1] == "ready":
                break
        self.variables = dict(line.split("=", 1) for line in self.lines[:-1])

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def serving(bare_environ, tmp_path):
    started = []

    def start(*words, **more):
        started.append(Serving({**bare_environ, "TMPDIR": str(tmp_path), **more}, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_impatient_end_is_as_clean(serving, tmp_path, number):
    running = serving("--empty")
    for _ in range(5):
        running.process.send_signal(number)
    assert running.end(number) == (0, "", "")
    assert not os.path.exists(os.path.dirname(running.variables["ROLEDECK_CONFIG"]))
    assert list(tmp_path.glob("roledeck*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_the_variables_then_ready_and_ends_cleanly(serving, tmp_path, number):
    running = serving("--secret", "s3cret")
    assert [line.partition("=")[0] for line in running.lines] == [*NAMES, "ready"]
    values = running.variables
    assert values["AWS_ENDPOINT_URL"] == values["ROLEDECK_ENDPOINT_URL"]
    assert values["ROLEDECK_DEMO_SECRET"] == "s3cret"
    files = [Path(values[name]) for name in ("ROLEDECK_CONFIG", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")]
    folder = files[0].parent
    assert folder.parent == tmp_path
    assert folder.name.startswith("roledeck-demo-")
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 and folder in file.parents for file in files)
    assert "[dev]" in files[2].read_text()
    assert "[default]" not in files[2].read_text()
    request = urllib.request.Request(f"{values['AWS_ENDPOINT_URL']}/_demo/calls", headers={"x-roledeck-demo": "s3cret"})
    with urllib.request.urlopen(request) as answer:
        assert json.loads(answer.read()) == []
    assert running.end(number) == (0, "", "")
    assert not folder.exists()


def test_empty_has_no_accounts_until_the_first_seeding_request(serving):
    running = serving("--empty")
    assert Path(running.variables["AWS_SHARED_CREDENTIALS_FILE"]).read_text() == ""
    script = """
        import boto3, os
        from botocore.exceptions import ClientError
        def client(service, account):
            made = boto3.client(service, aws_access_key_id="seed", aws_secret_access_key="seed")
            headers = {"x-moto-account-id": account, "x-roledeck-demo": os.environ["ROLEDECK_DEMO_SECRET"]}
            made.meta.events.register("before-send", lambda request, **_: request.headers.update(headers))
            return made
        iam = client("iam", "123456789012")
        assert iam.list_roles()["Roles"] == [], iam.list_roles()
        iam.create_user(UserName="first")
        key = iam.create_access_key(UserName="first")["AccessKey"]
        sts = boto3.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/first"
        assert client("organizations", "111122223333").create_organization()["Organization"]["MasterAccountId"] == "111122223333"
        assert client("sqs", "111122223333").list_queues().get("QueueUrls", []) == []
        try:
            boto3.client("sts", aws_access_key_id="AKIAWO645SY5BSSOBIQA", aws_secret_access_key="x").get_caller_identity()
        except ClientError as refused:
            print(refused.response["Error"]["Code"])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, **running.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("InvalidClientTokenId\n", "")


def test_a_taken_port_is_told_in_a_sentence(serving, bare_environ, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tui_app", "demo", "serve", "--port", str(port)],
            env={**bare_environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert str(port) in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.glob("roledeck-demo-*")) == []
    running = serving("--port", str(port))
    assert running.variables["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("words", [["--port", "http"], ["--port", "70000"], ["--prot", "1"], ["now"]])
def test_words_it_does_not_know(bare_environ, words):
    done = subprocess.run(
        [sys.executable, "-m", "tui_app", "demo", "serve", *words], env=bare_environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_settings_of_the_shell_do_not_reach_it(serving, bare_environ):
    aws = Path(bare_environ["HOME"], ".aws")
    aws.mkdir()
    (aws / "config").write_text("[profile broken\n")
    running = serving(AWS_PROFILE="nowhere", AWS_CONFIG_FILE=str(aws / "config"), AWS_ENDPOINT_URL="http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-c", "import boto3; print(boto3.Session(profile_name='dev').client('sqs').list_queues())"],
        env={**bare_environ, **running.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "AccessDenied" in done.stderr


def test_a_command_runs_against_an_aws_of_its_own_and_leaves_nothing(bare_environ, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environ = {**bare_environ, "TMPDIR": str(temporary), "AWS_PROFILE": "nowhere", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}
    done = subprocess.run(
        [sys.executable, "-m", "tui_app", "demo", "assume", "shared-services/Hub", "--json"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["account"] == "777700001111"
    assert list(temporary.iterdir()) == []
    assert list(Path(bare_environ["HOME"]).rglob("*")) == []


def test_a_command_that_is_ended_leaves_nothing_either(bare_environ, tmp_path, wait_for):
    script = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_app", "demo", "exec", "shared-services/Hub", "--", sys.executable, "-c", script],
        env={**bare_environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert int(process.stdout.readline())
        process.terminate()
        assert process.wait(20) == 128 + signal.SIGTERM
    wait_for(lambda: not list(tmp_path.glob("roledeck-demo-*")))


def test_no_demo_in_a_demo(bare_environ):
    done = subprocess.run(
        [sys.executable, "-m", "tui_app", "demo", "demo", "ls"], env=bare_environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")


def test_without_the_extra_it_says_how_to_get_it(bare_environ):
    script = "import sys; sys.modules['moto'] = None; from tui_app.cli.main import run; sys.exit(run(['demo', 'ls']))"
    done = subprocess.run([sys.executable, "-c", script], env=bare_environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "pipx inject" in done.stderr
    assert "pip install 'roledeck[demo]'" in done.stderr


def test_several_run_one_after_another_in_one_process_each_as_new(bare_environ):
    script = """
        import os, urllib.request
        from tui_app.embedded_aws.server import EmbeddedAws
        def hub(aws):
            from moto.iam.models import iam_backends
            aws.service
            return iam_backends["777700001111"]["aws"].roles
        with EmbeddedAws() as aws:
            folder = aws.folder
            hub(aws).clear()
            aws.service.resources.ensure("sqs", "111122223333")
            try:
                EmbeddedAws()
            except RuntimeError as told:
                print(told)
        assert not os.path.exists(folder)
        with EmbeddedAws() as aws:
            assert len(hub(aws)) > 5
            from moto.sqs.models import sqs_backends
            assert not sqs_backends["111122223333"]["eu-west-1"].queues
        with EmbeddedAws(empty=True) as aws:
            assert not hub(aws)
        aws.close()
        with EmbeddedAws(seed_resources=False) as aws:
            assert len(hub(aws)) > 5
            assert aws.service.resources is None
        unstarted = EmbeddedAws()
        unstarted.close()
        assert not os.path.exists(unstarted.folder)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=bare_environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "another embedded AWS is running in this process\n", "")


def test_a_request_that_comes_before_the_world_waits_for_it(bare_environ):
    script = """
        import http.client, sys
        from tui_app.embedded_aws.server import EmbeddedAws
        with EmbeddedAws() as aws:
            assert "moto" not in sys.modules or aws.seconds_to_load is None
            connection = http.client.HTTPConnection(aws.url.removeprefix("http://"))
            connection.request("GET", "/_demo/code?serial=arn:aws:iam::444455556666:mfa/DevUser", headers={"x-roledeck-demo": aws.secret})
            print(connection.getresponse().status)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=bare_environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("200\n", "")


@pytest.mark.program("aws")
def test_the_aws_cli_uses_it_unmodified(serving, bare_environ):
    running = serving()
    done = subprocess.run(
        ["aws", "sts", "get-caller-identity", "--profile", "iot-fleet", "--query", "Arn", "--output", "text"],
        env={**bare_environ, **running.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("arn:aws:sts::333344445555:assumed-role/ExternalAccountRole/")
