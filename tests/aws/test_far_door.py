"""The door in another process: the same answers and failures, each to whoever asked, and a process that outlives nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as SESSION_VARIABLES

from tests.aws.far_sides import TELLING, keys_held
from tui_app.aws import far_door, far_line
from tui_app.aws.door import AwsDoor
from tui_app.aws.far_door import FarDoor
from tui_app.aws.far_line import environment, import_path
from tui_app.errors import Cancelled, ConfigUnusable, OutOfReach, Refused, RoledeckError, SessionExpired
from tui_app.model import AccessKey
from tui_app.secret import Secret

REGION = "eu-west-1"
ROOT = Path(__file__).parents[2]
ROLES = ("arn:aws:iam::999900001111:role/ReadOnly", "arn:aws:iam::555566667777:role/ReadOnly")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
ORPHAN = """
import sys, time
from tui_app.aws.far_door import FarDoor
door = FarDoor(sys.argv[1])
door.regions("aws")
print(door.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def far(aws):
    door = FarDoor(aws.url)
    yield door
    door.close()


@pytest.fixture
def key(aws):
    return AccessKey(*((value := aws.key())[0], Secret(value[1])))


def identity(door, key):
    return door.call("sts", "GetCallerIdentity", region=REGION, key=key, parameters={})


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def key_of(aws, role: str) -> AccessKey:
    made = aws.assume(role)
    return AccessKey(made["AccessKeyId"], Secret(made["SecretAccessKey"]), Secret(made["SessionToken"]))


def test_it_answers_as_the_door_does(far, aws, key):
    near = AwsDoor(aws.url)
    assert identity(far, key) == identity(near, key)
    assert far.call("iam", "ListMFADevices", region=REGION, key=key, parameters={}) == near.call(
        "iam", "ListMFADevices", region=REGION, key=key, parameters={}
    )
    for service, operation in (("ec2", "DescribeInstances"), ("logs", "DescribeLogGroups"), ("sts", "GetCallerIdentity"), ("none", "None")):
        assert far.paging(service, operation) == near.paging(service, operation)
    assert far.regions("aws-cn") == near.regions("aws-cn")
    assert far.host("ec2", REGION) == near.host("ec2", REGION)
    assert far.offers("ec2", "mars-1")


def buckets(door, key):
    return door.call("s3", "ListBuckets", region=REGION, key=key, parameters={})


def test_the_process_forgets_the_keys_of_a_session_that_was_dropped(far, aws, monkeypatch, wait_for):
    monkeypatch.setattr(far_line, "START", TELLING)
    mine, theirs = (key_of(aws, role) for role in ROLES)
    near = AwsDoor(aws.url)
    near.followed_by(far.forget)
    for one in (mine, theirs):
        buckets(far, one)
    assert keys_held(far) == sorted((mine.id, theirs.id))
    near.forget(mine.id)
    wait_for(lambda: keys_held(far) == [theirs.id])
    assert buckets(far, mine)["Buckets"]
    assert keys_held(far) == [theirs.id]
    near.forget(theirs.id)
    wait_for(lambda: keys_held(far) == [])


def test_without_a_process_nothing_is_started_to_forget(far, key):
    far.forget(key.id)
    assert far.pid is None
    identity(far, key)
    os.kill(far.pid, signal.SIGKILL)
    far._line._reader.join(10)
    far.forget(key.id)
    assert identity(far, key)["Account"]


def test_where_nothing_is_asked_it_knows_what_the_door_knows():
    far, near = FarDoor(), AwsDoor()
    try:
        assert [far.offers("ec2", region) for region in (REGION, "mars-1")] == [near.offers("ec2", region) for region in (REGION, "mars-1")]
        assert far.host("ec2", REGION) == near.host("ec2", REGION)
    finally:
        far.close()


def failure_of(door, key, service="iam", operation="ListUsers", parameters=None, **more) -> RoledeckError:
    with pytest.raises(RoledeckError) as caught:
        door.call(service, operation, region=REGION, key=key, parameters=parameters or {}, **more)
    return caught.value


def test_every_kind_of_no_crosses_as_the_door_tells_it(far, aws, key):
    near = AwsDoor(aws.url)
    stranger = AccessKey("AKIAIOSFODNN7NOBODY0", Secret("wrong"))
    cases = {
        "refused": (key, {"service": "iam", "operation": "CreateUser", "parameters": {"UserName": "x"}}),
        "unknown key": (stranger, {}),
        "unknown operation": (key, {"operation": "ListUnicorns"}),
        "unknown service": (key, {"service": "unicorns"}),
        "wrong parameter": (key, {"parameters": {"MaxItems": "many"}}),
    }
    seen = set()
    for title, (who, asked) in cases.items():
        far_failure, near_failure = failure_of(far, who, **asked), failure_of(near, who, **asked)
        assert type(far_failure) is type(near_failure), title
        changing = {"request_id": ""}
        assert vars(far_failure) | changing == vars(near_failure) | changing, title
        seen.add(type(far_failure))
    assert {Refused, RoledeckError, ConfigUnusable} <= seen


def test_faults_on_the_way_and_ended_sessions_cross_too(far, aws, key):
    aws.fault("garbage", "iam:ListUsers")
    broken = failure_of(far, key, retry=False)
    assert isinstance(broken, OutOfReach)
    assert broken.sent
    session = key_of(aws, ROLES[0])
    aws.advance(7200)
    assert isinstance(failure_of(far, session), SessionExpired)


def test_nobody_listening_is_out_of_reach_and_nothing_was_sent(key):
    far = FarDoor("http://127.0.0.1:9")
    try:
        failure = failure_of(far, key)
    finally:
        far.close()
    assert isinstance(failure, OutOfReach)
    assert not failure.sent


def test_an_endpoint_that_cannot_be_used_is_refused_at_once():
    with pytest.raises(ConfigUnusable):
        FarDoor("http://aws.example.com")


def test_a_hundred_calls_of_thirty_two_threads_are_each_answered_to_whoever_asked(far, aws):
    keys = {role.split(":")[4]: key_of(aws, role) for role in ROLES}

    def ask(number: int) -> bool:
        account = list(keys)[number % len(keys)]
        answer = identity(far, keys[account])
        return answer["Account"] == account and f":{account}:" in answer["Arn"]

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(ask, range(100)))


def test_it_starts_nothing_until_it_is_asked(aws):
    far = FarDoor(aws.url)
    assert far.pid is None
    far.close()
    far.close()
    with pytest.raises(Cancelled):
        far.regions("aws")
    assert far.pid is None


def test_closed_it_leaves_no_process_and_frees_whoever_waits(far, aws, key, wait_for):
    far.regions("aws")
    pid = far.pid
    aws.fault("slow", "sts:GetCallerIdentity", arg=20)
    caught = []

    def ask():
        try:
            identity(far, key)
        except RoledeckError as failure:
            caught.append(failure)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_for(lambda: far._line._waiting)
    far.close()
    far.close()
    asking.join(5)
    assert [type(failure) for failure in caught] == [Cancelled]
    assert gone(pid)


def test_killed_in_the_middle_it_says_so_and_the_next_call_has_another(far, aws, key, wait_for):
    assert identity(far, key)
    first = far.pid
    aws.fault("slow", "sts:GetCallerIdentity", arg=20)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(identity, far, key)
        wait_for(lambda: far._line._waiting)
        os.kill(first, signal.SIGKILL)
        failure = asking.exception(10)
    assert isinstance(failure, OutOfReach)
    assert failure.sent
    assert not failure.cause
    aws.embedded.service.faults.clear()
    assert identity(far, key)["Account"]
    assert far.pid != first


def test_one_that_keeps_ending_is_done_without(far, key):
    for _ in range(far_door.MOST_LOST):
        identity(far, key)
        os.kill(far.pid, signal.SIGKILL)
        far._line._reader.join(10)
    assert identity(far, key)["Account"]
    assert far.pid is None
    assert far.paging("ec2", "DescribeInstances")


@pytest.mark.parametrize("executable", ["/nowhere/python", "", "/bin/false"])
def test_where_none_can_be_started_calls_are_made_here(far, key, monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    assert identity(far, key)["Account"]
    assert far.regions("aws")
    assert far.pid is None


def test_one_that_hangs_is_ended(far, key, monkeypatch):
    far.regions("aws")
    pid = far.pid
    monkeypatch.setattr(far_line, "LONGEST", 0.3)
    monkeypatch.setattr(far_line, "_LOOK", 0.1)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(OutOfReach):
        identity(far, key)
    assert gone(pid)


@linux
def test_it_has_no_secret_no_terminal_and_no_file_of_ours(far, key, monkeypatch, tmp_path):
    planted = "planted-secret-of-the-shell"
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ROLEDECK_MFA_CODE", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, planted)
    with open(tmp_path / "open", "w", encoding="utf-8") as file:
        os.set_inheritable(file.fileno(), True)
        identity(far, key)
        place = Path(f"/proc/{far.pid}")
        files = {os.readlink(one) for one in place.joinpath("fd").iterdir() if one.is_symlink()}
    told = place.joinpath("cmdline").read_bytes() + place.joinpath("environ").read_bytes()
    assert planted.encode() not in told
    assert key.secret.reveal().encode() not in told
    assert key.id.encode() not in told
    assert str(tmp_path / "open") not in files
    assert {str(place) for place in files if "tty" in place or "pts" in place} == set()
    stat = place.joinpath("stat").read_text().rpartition(")")[2].split()
    assert int(stat[3]) == far.pid, "a session of its own"


@linux
def test_no_other_child_has_the_line(far, key):
    identity(far, key)
    line = os.readlink(f"/proc/self/fd/{far._line._socket.fileno()}")
    listed = subprocess.run(["ls", "-l", "/proc/self/fd"], close_fds=False, capture_output=True, text=True, check=True)
    assert line not in listed.stdout


def test_it_goes_with_a_program_that_is_killed(aws, wait_for):
    with subprocess.Popen([sys.executable, "-c", ORPHAN, aws.url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        pid = int(program.stdout.readline())
        assert not gone(pid)
        program.kill()
    wait_for(lambda: gone(pid) or _is_zombie(pid))


def _is_zombie(pid: int) -> bool:
    """Where nobody takes in orphans, as in a container without an init."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_keys_of_the_terminal_do_not_reach_it(far, key):
    identity(far, key)
    assert os.getpgid(far.pid) == far.pid != os.getpgrp()


def test_of_the_environment_it_gets_what_decides_how_aws_is_reached():
    whose = (
        "KEY",
        "TOKEN",
        "SECRET",
        "PROFILE",
        "CREDENTIALS",
        "ROLE",
        "IDENTITY",
        "CONFIG_FILE",
        "METADATA",
        "IMDS",
        "CSM",
        "ENDPOINT_URL",
    )
    ours = {"AWS_DEFAULT_REGION", "AWS_DATA_PATH", "AWS_STS_REGIONAL_ENDPOINTS", "AWS_DEFAULTS_MODE", "AWS_RETRY_MODE", "AWS_MAX_ATTEMPTS"}
    names = {name for _, found, *_ in SESSION_VARIABLES.values() for name in ([found] if isinstance(found, str) else found or [])}
    how = {name for name in names if not any(part in name for part in whose)} - ours - {"BOTOCORE_EXPERIMENTAL__PLUGINS"}
    assert how
    assert how - set(environment(dict.fromkeys(names, "x"))) == set()
    assert not any(part in name for name in environment(dict.fromkeys(names, "x")) for part in ("KEY", "TOKEN", "SECRET", "PROFILE"))
    assert environment({"HTTPS_PROXY": "p", "AWS_CA_BUNDLE": "c", "PYTHONPATH": "x", "LD_PRELOAD": "f", "EDITOR": "vi"}) == {
        "HTTPS_PROXY": "p",
        "AWS_CA_BUNDLE": "c",
        "LD_PRELOAD": "f",
    }


def test_it_imports_this_program_and_nothing_from_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert import_path(["", str(tmp_path), "relative", "/usr/lib/python3"]) == [str(ROOT), "/usr/lib/python3"]
    monkeypatch.chdir(ROOT)
    assert import_path([str(ROOT), "/usr/lib/python3"]) == [str(ROOT), "/usr/lib/python3"]


def test_a_file_that_is_called_like_a_module_is_not_imported(aws, key, tmp_path, monkeypatch):
    for name in ("socket", "json", "tui_app", "botocore"):
        (tmp_path / f"{name}.py").write_text("import os; os._exit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    far = FarDoor(aws.url)
    try:
        assert identity(far, key)["Account"]
        assert far.pid is not None
    finally:
        far.close()


def test_the_far_side_knows_the_door_and_the_ground_floor():
    program = "import sys; from tui_app.aws import far_side; far_side._prepared(None); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    names = set(done.stdout.split())
    assert "botocore.session" in names
    rooms = {name.split(".")[1] for name in names if name.startswith("tui_app.")}
    assert rooms & {"catalog", "sessions", "discovery", "handover", "explorer", "cli", "ui", "policy", "embedded_aws"} == set()
    assert not {"textual", "rich", "moto", "boto3"} & names


def test_the_near_side_imports_no_boto():
    program = "import sys; from tui_app.aws.far_door import FarDoor; FarDoor('https://x.example'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert not {name for name in done.stdout.split() if name.startswith(("boto", "subprocess", "concurrent"))}
