"""`storage.sessions = "keyring"`: sealed files, one key, and a keyring that may be missing, locked or silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.sessions.under_fire import NAME, NOW, record_of
from tui_app import paths
from tui_app.errors import ConfigUnusable
from tui_app.secret import Secret
from tui_app.sessions import index, keyring_key
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.keyring_key import ACCOUNT, SERVICE, Keyring, session_key
from tui_app.sessions.record import digest, to_bytes
from tui_app.sessions.sealed import MAGIC, SealedFiles

READ_ONLY = "staging-readonly"
ADMIN = "production/AdminRole"
KEY = Secret("ab" * 32)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "cache" / "sessions")


def sealed(path: str, key: Secret = KEY) -> SessionCache:
    return SessionCache(PrivateFolder(path), lambda: NOW, seal=SealedFiles(lambda: key))


def test_a_sealed_session_comes_back_and_nothing_of_it_can_be_read(path):
    sealed(path).put(record_of(1))

    assert sealed(path).get(NAME) == record_of(1)
    assert sealed(path).records() == (record_of(1),)
    (name,) = os.listdir(path)
    data = Path(path, name).read_bytes()
    for told in (b"planted", b"000001", b"ASIAX", b"111122223333", b"assumed-role"):
        assert told not in data
    assert os.stat(os.path.join(path, name)).st_mode & 0o777 == 0o600


def test_two_writes_of_the_same_session_differ(path):
    sealed(path).put(record_of(1))
    (name,) = os.listdir(path)
    first = Path(path, name).read_bytes()
    sealed(path).put(record_of(1))

    assert Path(path, name).read_bytes() != first


def test_a_file_under_another_name_another_key_or_changed_anywhere_is_a_miss(path):
    sealed(path).put(record_of(1))
    file = Path(path, NAME + ".sealed")
    data = file.read_bytes()
    other = digest("two")
    Path(path, other + ".sealed").write_bytes(data)
    os.chmod(Path(path, other + ".sealed"), 0o600)
    assert sealed(path).get(other) is None
    assert sealed(path, Secret("cd" * 32)).get(NAME) is None
    for at in (0, len(MAGIC), len(MAGIC) + 3, 60, len(data) - 1):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert sealed(path).get(NAME) is None
    for cut in range(0, len(data), 97):
        file.write_bytes(data[:cut])
        assert sealed(path).get(NAME) is None


def test_what_a_later_version_sealed_is_neither_read_nor_replaced(path):
    sealed(path).put(record_of(1))
    file = Path(path, NAME + ".sealed")
    later = file.read_bytes().replace(b"sealed 1\n", b"sealed 2\n")
    file.write_bytes(later)

    cache = sealed(path)
    cache.put(record_of(2))

    assert cache.get(NAME) == record_of(2)
    assert file.read_bytes() == later


def test_what_was_kept_plainly_before_is_sealed_and_no_plain_copy_stays(path):
    SessionCache(PrivateFolder(path), lambda: NOW).put(record_of(1))
    later = Path(path, digest("later") + ".json")
    later.write_bytes(to_bytes(record_of(1)).replace(b'"schema": 1', b'"schema": 2'))
    os.chmod(later, 0o600)

    assert sealed(path).get(NAME) == record_of(1)
    assert sorted(os.listdir(path)) == sorted([NAME + ".sealed", later.name])


class Fake:
    """A keyring that works."""

    kept: dict[tuple[str, str], str]
    asked: int

    def get_password(self, service: str, username: str) -> str | None:
        type(self).asked += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class KeyringLocked(Exception):
    """What `keyring` calls it."""


@pytest.fixture
def backend(monkeypatch) -> Callable[..., type[Fake]]:
    """Put a class into the allow-list alone, with methods changed."""

    def use(**methods: object) -> type[Fake]:
        made = type("Backend", (Fake,), {"kept": {}, "asked": 0, **methods})
        module = ModuleType("a_keyring_of_the_tests")
        module.Backend = made
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(keyring_key, "BACKENDS", ((module.__name__, "Backend"),))
        return made

    return use


@pytest.fixture
def folder(tmp_path):
    return PrivateFolder(str(tmp_path / "sessions"))


def test_the_key_is_made_once(backend, folder):
    made = backend()

    first = session_key(Keyring(), folder)

    assert len(bytes.fromhex(first.reveal())) == 32
    assert session_key(Keyring(), folder) == first
    assert made.kept == {(SERVICE, ACCOUNT): first.reveal()}


def test_processes_that_make_the_key_at_once_have_the_same(backend, folder):
    backend()
    keys: list[Secret] = []
    threads = [threading.Thread(target=lambda: keys.append(session_key(Keyring(), PrivateFolder(folder.path)))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 12
    assert len({key.reveal() for key in keys}) == 1


def raising(failure: Exception) -> Callable[..., str]:
    def method(*_: object) -> str:
        raise failure

    return method


@pytest.mark.parametrize(
    ("failure", "reason", "mend"),
    [
        (KeyringLocked("Failed to unlock the collection!"), "it is locked", "gnome-keyring-daemon --replace --unlock"),
        (RuntimeError("Prompt dismissed"), "it is locked", "gnome-keyring-daemon --replace --unlock"),
        (RuntimeError("The daemon is not running.\x1b[2J"), "none can be used here (The daemon is not running", "dbus-run-session -- bash"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the sentences of a Secret Service")
def test_a_keyring_that_cannot_be_used_is_refused_with_reason_and_command(backend, folder, monkeypatch, failure, reason, mend):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    backend(get_password=raising(failure))

    with pytest.raises(ConfigUnusable) as refused:
        session_key(Keyring(), folder)

    assert reason in refused.value.message
    assert mend in refused.value.next_step
    assert "\x1b" not in refused.value.sentence()
    assert not os.path.exists(folder.path), "and nothing is written"


def test_a_silent_keyring_is_given_up_after_the_limit_and_not_asked_again(backend):
    released = threading.Event()
    made = backend(get_password=lambda _self, *_: (asked.append(1), released.wait(60))[1])
    asked: list[int] = []
    keyring = Keyring(limit=0.2)

    for _ in range(3):
        with pytest.raises(ConfigUnusable, match="did not answer within"):
            keyring.get(ACCOUNT)

    released.set()
    assert asked == [1]
    assert made.kept == {}


def test_what_is_no_key_is_told_and_not_used(backend, folder):
    made = backend()
    made.kept[SERVICE, ACCOUNT] = "hello"

    with pytest.raises(ConfigUnusable, match="holds no key of roledeck's"):
        session_key(Keyring(), folder)

    assert made.kept == {(SERVICE, ACCOUNT): "hello"}


def test_without_the_libraries_the_extra_is_named(monkeypatch, folder):
    monkeypatch.setattr(keyring_key, "BACKENDS", (("no_such_keyring_backend", "Keyring"),))

    with pytest.raises(ConfigUnusable) as refused:
        session_key(Keyring(), folder)

    assert "pip install 'roledeck[keyring]'" in refused.value.next_step


def test_only_backends_of_operating_systems_are_allowed():
    allowed = {"SecretService", "kwallet", "macOS", "Windows"}
    assert {module.rpartition(".")[2] for module, _ in keyring_key.BACKENDS} <= allowed
    assert all(module.startswith("keyring.backends.") for module, _ in keyring_key.BACKENDS)


def use_keyring(world) -> None:
    world.reload('\n[storage]\nsessions = "keyring"\n')


def test_sessions_are_kept_sealed_and_found_again(world, backend, files_of):
    backend()
    use_keyring(world)

    session = world.obtain(ADMIN)
    world.reload()

    assert world.obtain(ADMIN).from_cache
    assert len(world.person.asked) == 1
    key = session.credentials.key
    for file in files_of(os.path.dirname(paths.sessions_folder(world.environ))):
        data = Path(file).read_bytes()
        assert key.secret.reveal().encode() not in data
        assert key.token.reveal().encode() not in data
    assert [what.partition(",")[0] for what in world.broker.forget_all()] == ["the MFA session of dev", ADMIN]


def test_the_answers_that_were_ready_before_are_taken_away(world, backend):
    backend()
    index.write_ready(READ_ONLY, world.environ, "{}", 9_999_999_999, [])

    use_keyring(world)

    assert os.listdir(paths.index_folder(world.environ)) == []


def test_an_unusable_keyring_refuses_before_a_code_is_asked_and_writes_nothing(world, backend, files_of):
    backend(get_password=raising(KeyringLocked("locked")))
    use_keyring(world)

    with pytest.raises(ConfigUnusable, match="it is locked") as refused:
        world.obtain(ADMIN)

    assert refused.value.exit_code == 6
    assert world.person.asked == []
    assert "AssumeRole" not in world.calls()
    assert not [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith((".json", ".sealed"))]


def test_all_can_be_forgotten_without_the_key(world, backend, files_of):
    backend()
    use_keyring(world)
    world.obtain(READ_ONLY)
    backend(get_password=raising(KeyringLocked("locked")))
    world.reload()

    assert world.broker.forget_all() == ("1 file that could not be read",)
    assert not [name for name in files_of(paths.sessions_folder(world.environ)) if name.endswith(".sealed")]


SILENT = """
import sys
from jeepney.io.blocking import open_dbus_connection
from jeepney.bus_messages import message_bus
connection = open_dbus_connection()
connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
print("silent", flush=True)
while True:
    connection.receive()
"""


def test_a_real_keyring(bus, environ, files_of):
    assume, told, locked = ["assume", READ_ONLY], ["credential-process", READ_ONLY], ["env", READ_ONLY, "--show"]
    first, second, third = bus(["unlock"], assume, told, assume)

    assert first[0] == second[0] == third[0] == 0, first[2] + second[2]
    assert "kept from before" in third[1]
    secret = json.loads(second[1])["SecretAccessKey"].encode()
    for file in (*files_of(environ["XDG_CACHE_HOME"]), *files_of(environ["XDG_STATE_HOME"])):
        assert secret not in Path(file).read_bytes()
    # without the password it stays shut, and nothing else is used instead
    (refused,) = bus(locked)
    assert (refused[0], refused[1]) == (6, "")
    assert refused[2].count("\n") == 1
    assert "it is locked" in refused[2]


def test_a_service_that_never_answers(bus):
    (refused,) = bus(["silent", SILENT], ["assume", READ_ONLY])

    assert (refused[0], refused[1]) == (6, "")
    assert "did not answer within 3 seconds" in refused[2]
    assert refused[3] < 20, "it ends, also though a thread still waits"


def test_without_a_session_bus(bus, environ):
    done = subprocess.run([sys.executable, "-m", "tui_app", "assume", READ_ONLY], env=environ | {"DBUS_SESSION_BUS_ADDRESS": ""},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert (done.returncode, done.stdout) == (6, "")
    assert "there is no D-Bus session" in done.stderr
    assert "`dbus-run-session -- bash`" in done.stderr
