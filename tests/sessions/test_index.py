"""The fast path's records: any difference in what led to an answer means the slow path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui_app import paths
from tui_app.sessions.index import LIMIT, MAGIC, clear, read_ready, stamp, write_ready

ANSWER = '{"Version": 1,\n "SecretAccessKey": "planted"}\n'
UNTIL = 2_000_000_000


@pytest.fixture
def environ(tmp_path):
    return {"HOME": str(tmp_path), "PATH": "/bin"}


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "config"
    file.write_text("[profile dev]\n")
    return file


@pytest.fixture
def written(environ, config, tmp_path):
    assert write_ready("my role", environ, ANSWER, UNTIL, [stamp(str(config)), stamp(str(tmp_path / "absent"))])
    return environ


def only_file(environ) -> str:
    folder = paths.index_folder(environ)
    (name,) = os.listdir(folder)
    return os.path.join(folder, name)


def test_the_answer_comes_back_as_it_was(written):
    assert read_ready("my role", written, UNTIL - 1) == ANSWER
    assert read_ready("my rol", written, UNTIL - 1) is None


def test_the_file_is_private_and_named_by_hex(written):
    assert os.path.basename(only_file(written)) == b"my role".hex()
    assert os.stat(only_file(written)).st_mode & 0o777 == 0o600


def test_it_ends_in_time(written):
    assert read_ready("my role", written, UNTIL) is None


@pytest.mark.parametrize("change", ["write", "touch", "replace", "remove", "appear"])
def test_any_change_of_a_file_means_the_slow_path(written, config, tmp_path, change):
    if change == "write":
        config.write_text("[profile dev2]\n")
    elif change == "touch":
        os.utime(config, ns=(1, 1))
    elif change == "replace":
        facts = os.stat(config)
        (tmp_path / "new").write_text("[profile dev]\n")
        os.utime(tmp_path / "new", ns=(facts.st_mtime_ns, facts.st_mtime_ns))
        os.replace(tmp_path / "new", config)
    elif change == "remove":
        config.unlink()
    else:
        (tmp_path / "absent").write_text("")

    assert read_ready("my role", written, UNTIL - 1) is None


@pytest.mark.parametrize(
    "change",
    [{"AWS_CONFIG_FILE": "/x"}, {"AWS_CONFIG_FILE": ""}, {"ROLEDECK_ENDPOINT_URL": "http://127.0.0.1:1"}, {"AWS_REGION": "eu-west-1"}],
)
def test_another_environment_means_the_slow_path(written, change):
    assert read_ready("my role", written | change, UNTIL - 1) is None


def test_variables_that_do_not_matter_do_not(written):
    assert read_ready("my role", written | {"EDITOR": "vi"}, UNTIL - 1) == ANSWER


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\n",
        b"x" * 100,
        MAGIC.encode(),
        MAGIC.encode() + b"\nabc\n",
        MAGIC.encode() + b"\n9999999999\n-1\n",
        b"\x00" * 500,
        b"\xff\xfe\n1",
    ],
)
def test_junk_is_a_miss(written, junk):
    with open(only_file(written), "wb") as file:
        file.write(junk)

    assert read_ready("my role", written, 1) is None


def test_a_cut_record_is_never_an_answer_with_a_missing_part(written):
    whole = Path(only_file(written)).read_bytes()
    head = whole.index(ANSWER.encode())
    for length in range(head + 1):
        with open(only_file(written), "wb") as file:
            file.write(whole[:length])
        assert read_ready("my role", written, UNTIL - 1) is None


def test_links_pipes_open_modes_and_large_files_are_misses(written, tmp_path):
    file = only_file(written)
    os.chmod(file, 0o644)
    assert read_ready("my role", written, 1) is None
    os.chmod(file, 0o600)
    os.link(file, tmp_path / "second")
    assert read_ready("my role", written, 1) is None
    os.unlink(file)
    os.symlink(tmp_path / "second", file)
    assert read_ready("my role", written, 1) is None
    os.unlink(file)
    os.mkfifo(file, 0o600)
    assert read_ready("my role", written, 1) is None
    os.unlink(file)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as opened:
        opened.truncate(LIMIT + 1)
    assert read_ready("my role", written, 1) is None


def test_what_cannot_be_filed_is_not(environ, config):
    assert not write_ready("x" * 200, environ, ANSWER, UNTIL, [])
    assert not write_ready("", environ, ANSWER, UNTIL, [])
    assert not write_ready("x", environ | {"AWS_CONFIG_FILE": "/a\nb"}, ANSWER, UNTIL, [])
    assert not write_ready("x", environ, ANSWER, UNTIL, [stamp("/a\nb")])
    assert read_ready("x" * 200, environ) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "ü", "\udcff", ".", "a b"])
def test_names_never_become_paths(environ, name):
    assert write_ready(name, environ, ANSWER, UNTIL, [])
    assert read_ready(name, environ, 1) == ANSWER
    assert len(os.listdir(paths.index_folder(environ))) == 1


def test_clear_takes_everything_away(written):
    clear(written)

    assert os.listdir(paths.index_folder(written)) == []
    clear({"HOME": "/nonexistent"})


def test_reading_imports_next_to_nothing(written):
    program = (
        "import sys; before = set(sys.modules)\n"
        "from tui_app.sessions.index import read_ready\n"
        f"assert read_ready('my role', {written!r}, 1)\n"
        "print(sorted({'re', 'json', 'dataclasses', 'typing', 'hashlib', 'boto3', 'textual'} & set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
