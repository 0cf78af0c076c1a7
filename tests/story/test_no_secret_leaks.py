"""A whole day's work with planted secrets; afterwards none of them is anywhere but where it belongs, in no spelling."""

from __future__ import annotations

import base64
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tui_app.catalog.login_sessions import token_file
from tui_app.cli.main import dispatch

ROOT = pathlib.Path(__file__).parents[2]
DIRECT, ADMIN, PLAIN = "production/CrossAccountDeveloperRole", "production/AdminRole", "staging-readonly"
BEARER = "canary-bearer-7f3aQ9xZ"
POD_TOKEN = ".".join(
    base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"RS256"}', b'{"canary":"pod-81Tz"}', b"c2ln")
)
OTHER_KEY = ("AKIACANARYCANARY1234", "cAnArY/other+secret/Key0123456789abcdef0")
EXTERNAL_ID = "UniqueExternalId12345"
CONSOLE_USER = "arn:aws:iam::444455556666:user/DevUser"
WRONG_CODE = "090807"
CHILD = "import os, time, boto3; boto3.client('sts').get_caller_identity(); time.sleep(0.3)"
USER_CODE = re.compile(r"\b[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}\b")


def spellings(secret: str) -> dict[str, bytes]:
    """How a value may stand somewhere: as it is and in the usual wrappings. A code of six digits has no other one that means anything."""
    raw = secret.encode()
    if secret.isdigit():
        return {"plain": raw}
    found = {
        "plain": raw,
        "URL": quote(secret, safe="").encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON with slashes": json.dumps(secret)[1:-1].replace("/", "\\/").encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "reversed": raw[::-1],
        "UTF-16": secret.encode("utf-16-le"),
    }
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + raw).rstrip(b"=")
        # the characters at both ends depend on what stands beside the value
        found[f"base64 at {shift}"] = whole[4 if shift else 0 : -1 if (shift + len(raw)) % 3 else None]
        found[f"base64url at {shift}"] = found[f"base64 at {shift}"].replace(b"+", b"-").replace(b"/", b"_")
    return found


class Scan:
    """Looks for secrets in pieces of text; `seen` says what was looked at, `found` where something was."""

    def __init__(self, secrets: dict[str, str]) -> None:
        assert all(len(secret) >= 6 for secret in secrets.values()), secrets
        self.names = tuple(secrets)
        self._wanted = {(name, how): form for name, secret in secrets.items() for how, form in spellings(secret).items()}
        self.found: set[tuple[str, str, str]] = set()

    def look(self, place: str, content: bytes, *, allowed: tuple[str, ...] = ()) -> None:
        # what was wrapped, by a terminal or an encoder, is found with the breaks taken out
        unwrapped = re.sub(rb"\\n|[\s\0]+", b"", content)
        for (name, how), form in self._wanted.items():
            if name in allowed:
                continue
            if re.fullmatch(rb"\d{6}", form):
                hit = re.search(rb"(?<![\d.])" + form + rb"(?!\d)", content)
            else:
                hit = form in content or form in unwrapped
            if hit:
                self.found.add((place, name, how))


class Watch:
    """The command lines and environments of the processes that have this home, looked at twenty times a second."""

    def __init__(self, home: str) -> None:
        self._mark = f"HOME={home}".encode()
        self._ended = threading.Event()
        self.lines: dict[bytes, bytes] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.wait(0.05):
            for process in pathlib.Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    environ = (process / "environ").read_bytes()
                    if self._mark in environ.split(b"\0"):
                        self.lines[(process / "cmdline").read_bytes() + b"\0\0" + process.name.encode()] = environ

    def end(self) -> dict[bytes, bytes]:
        self._ended.set()
        self._thread.join()
        return self.lines


class Day:
    """Runs commands as a person would, and keeps all that they say where it was not asked for."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ
        self.said: dict[str, bytes] = {}
        self.asked: dict[str, str] = {}
        self.console: dict[str, Any] = {}

    def run(self, *words: str, code: int = 0, asked: bool = False, **variables: str) -> None:
        environ = {**self.environ, **variables}
        argv = [sys.executable, "-m", "tui_app", *words]
        done = subprocess.run(argv, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        assert done.returncode == code, (words, done.stderr)
        name = " ".join(words)
        self.said[name] = done.stderr if asked else done.stdout + done.stderr
        if asked:
            self.asked[name] = done.stdout.decode()

    def here(self, capsysbinary, *words: str, code: int | None = 0) -> None:
        """The same in this process, where nothing depends on its being one of its own."""
        ended = dispatch(words, dict(self.environ))
        said = capsysbinary.readouterr()
        assert code is None or ended == code, (words, said.err)
        self.said[" ".join(words)] = said.out + said.err


@pytest.fixture
def browser(tmp_path):
    """A browser that follows the link that it is given and keeps where it was sent: `(program, file)`."""
    program, visited = tmp_path / "browser", tmp_path / "visited"
    program.write_text(
        f"#!{sys.executable}\nimport http.client, sys, urllib.parse\nlink = urllib.parse.urlsplit(sys.argv[-1])\n"
        "wire = http.client.HTTPConnection(link.netloc)\nwire.request('GET', link.path)\n"
        f"open({str(visited)!r}, 'w').write(wire.getresponse().headers['Location'] or '')\n"
    )
    program.chmod(0o755)
    return str(program), visited


@pytest.fixture
def day(aws, environ, tmp_path, browser):
    """A home with secrets of its own in every place that has some."""
    made = aws.seed("444455556666")("iam").create_access_key(UserName="DevUser")["AccessKey"]
    credentials = pathlib.Path(environ["AWS_SHARED_CREDENTIALS_FILE"])
    old_id, old_secret = aws.key()
    text = credentials.read_text().replace(old_id, made["AccessKeyId"]).replace(old_secret, made["SecretAccessKey"])
    credentials.write_text(text)
    (tmp_path / "pod-token").write_text(POD_TOKEN)
    with pathlib.Path(environ["AWS_CONFIG_FILE"]).open("a", encoding="utf-8") as config:
        config.write(f"[profile other]\naws_access_key_id = {OTHER_KEY[0]}\naws_secret_access_key = {OTHER_KEY[1]}\n")
        config.write("[profile pod]\nrole_arn = arn:aws:iam::111122223333:role/Pod\n")
        config.write(f"web_identity_token_file = {tmp_path / 'pod-token'}\nrole_session_name = pod\n")
        config.write(f"[profile console]\nlogin_session = {CONSOLE_USER}\n")
    planted = {"AWS_BEARER_TOKEN_BEDROCK": BEARER, "BROWSER": browser[0], "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    day = Day({**environ, **planted})
    day.asked["base"] = made["SecretAccessKey"]
    day.asked["base key id"] = made["AccessKeyId"]
    console = pathlib.Path(token_file(CONSOLE_USER, environ))
    console.parent.mkdir(parents=True)
    day.console = aws.control("POST", "login", {"login_session": CONSOLE_USER})
    day.console["accessToken"]["expiresAt"] = "2026-01-01T00:00:00Z"
    console.write_text(json.dumps(day.console))
    yield day
    aws.seed("444455556666")("iam").delete_access_key(UserName="DevUser", AccessKeyId=made["AccessKeyId"])


def signed_in(day: Day, aws) -> None:
    """`login` with a device code, approved."""
    argv = [sys.executable, "-m", "tui_app", "login", "--device"]
    with subprocess.Popen(
        argv, env=day.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = ""
        for line in process.stdout:
            said += line
            if "?user_code" not in line and (code := USER_CODE.search(line)):
                aws.control("POST", "approve", {"user_code": code[0]})
                break
        said += process.stdout.read()
    assert process.returncode == 0, said
    day.said["login"] = said.encode()


def screen(day: Day, terminal, code: str, record: pathlib.Path) -> bytes:
    """The screen in a terminal: a code typed, trust looked at, a shell that renews, stopped, resumed, and back; every byte of it."""
    terminal.record(record)
    terminal.run(f"{sys.executable} -m tui_app")
    terminal.wait_for("CrossAccountDeveloperRole")
    terminal.type("/production AdminRole")
    terminal.wait_for(r"1 of \d+")
    terminal.press("Enter")
    terminal.wait_for("enter assume")
    terminal.press("Enter")
    terminal.wait_for("Enter the code")
    terminal.type(code)
    terminal.press("Enter")
    terminal.wait_for(r"assumed-role/")
    terminal.press("t")
    terminal.press("S")
    terminal.wait_for("exit goes back")
    terminal.run("kill -STOP $$")
    terminal.wait_for("s resume shell")
    terminal.press("s")
    terminal.wait_for("s resume shell", gone=True)
    terminal.run("exit 3")
    terminal.wait_for("ended with 3")
    terminal.press("q")
    terminal.wait_for(r"\$\s*\Z")
    return record.read_bytes()


def kept(day: Day, visited: pathlib.Path) -> dict[str, str]:
    """All secrets of the day by name: the planted ones, and those that AWS gave meanwhile, from where they belong."""
    home = pathlib.Path(day.environ["HOME"])
    secrets = {"base secret": day.asked["base"], "base key id": day.asked["base key id"], "external id": EXTERNAL_ID, "bearer": BEARER}
    secrets |= {"web identity token": POD_TOKEN, "config secret": OTHER_KEY[1], "wrong code": WRONG_CODE}
    secrets |= {name: value for name, value in day.asked.items() if name.startswith("code")}
    sessions = [json.loads(file.read_text()) for file in (home / ".cache/roledeck/sessions").glob("*.json") if len(file.name) > 60]
    for number, values in enumerate(sessions):
        secrets |= {f"{values['kind']} {number} {key}": values[key] for key in ("access_key_id", "secret_access_key", "session_token")}
    assert {values["kind"] for values in sessions} == {"role", "mfa"}
    for number, file in enumerate((home / ".aws/sso/cache").glob("*.json")):
        values = json.loads(file.read_text())
        secrets |= {f"sign-in {number} {key}": values[key] for key in ("accessToken", "refreshToken", "clientSecret") if key in values}
    console = json.loads(pathlib.Path(token_file(CONSOLE_USER, day.environ)).read_text())
    for when, values in (("before", day.console), ("after", console)):
        given = {**values, **values["accessToken"], "dpopKey": "".join(values["dpopKey"].split("-----")[2].split())}
        names = ("refreshToken", "dpopKey", "secretAccessKey", "sessionToken")
        secrets |= {f"aws-login {when} {name}": given[name] for name in names}
    (secrets["console token"],) = parse_qs(urlsplit(visited.read_text()).query)["SigninToken"]
    return {name: value for name, value in secrets.items() if value}


def test_no_secret_is_anywhere_but_where_it_belongs(day, aws, open_terminal, browser, capsysbinary, wait_for):
    watch = Watch(day.environ["HOME"])
    first, second = aws.code(), aws.code()
    day.asked |= {"code 1": first, "code 2": second}
    signed_in(day, aws)
    day.run("assume", ADMIN, "--debug", code=4, ROLEDECK_MFA_CODE=WRONG_CODE)
    day.run("assume", ADMIN, "--debug", ROLEDECK_MFA_CODE=first)
    together = [
        ("exec", DIRECT, "--", sys.executable, "-c", CHILD),
        ("exec", PLAIN, "--renew", "--debug", "--", sys.executable, "-c", CHILD),
        ("console", ADMIN, "--debug"),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda words: day.run(*words), together))
    for words in [("env", ADMIN), ("env", PLAIN, "--format", "ini"), ("credential-process", ADMIN), ("credential-process", DIRECT)]:
        day.run(*words, asked=True) if words[1] == ADMIN else day.here(capsysbinary, "chain", words[1])
    for words in ("ls", "ls --json", f"chain {DIRECT} --json", "lint", "sessions", "whoami dev", "import --dry-run", f"link {DIRECT}"):
        day.here(capsysbinary, *words.split(), code=None)
    day.here(capsysbinary, "resources", PLAIN, "--service", "s3", code=None)
    day.run("assume", "console", "--debug")
    day.here(capsysbinary, "chain", "console")
    console = pathlib.Path(token_file(CONSOLE_USER, day.environ))
    renewed = console.read_text()
    assert json.loads(renewed)["refreshToken"] != day.console["refreshToken"]
    console.write_text(json.dumps(day.console))
    day.run("assume", "console", "--fresh", "--debug", code=3)
    console.write_text(renewed)
    for words in (["whoami", "other"], ["whoami", "pod"]):
        day.here(capsysbinary, *words, code=4)
    for kind in ("garbage", "html", "truncate"):
        aws.fault(kind, "AssumeRole")
        day.here(capsysbinary, "assume", DIRECT, "--fresh", code=None)
    visited = browser[1]
    wait_for(lambda: visited.exists() and visited.read_text())
    secrets = kept(day, visited)
    day.here(capsysbinary, "forget", ADMIN)
    for file in (pathlib.Path(day.environ["HOME"]) / ".cache/roledeck/sessions").glob("*.json"):
        if file.name == "codes.json" or '"mfa"' in file.read_text():
            file.unlink()  # so that the screen has to ask, and need not wait for the device's next code
    shown = screen(day, open_terminal(**{**day.environ, "SHELL": "/bin/sh"}), second, visited.with_name("typescript"))
    day.here(capsysbinary, "sessions", "--history", "--json")
    events = {event["event"] for event in json.loads(day.said["sessions --history --json"])}
    assert events >= {"login", "assume", "handover", "forget"}
    secrets |= kept(day, visited)
    lines = watch.end()

    scan = Scan(secrets)
    assert len({name.split()[0] for name in secrets}) >= 10
    for words, said in day.said.items():
        scan.look(f"said by {words}", said)
    scan.look("the terminal", re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", shown))
    scan.look("the terminal's own bytes", shown)
    looked = _look_at_files(scan, pathlib.Path(day.environ["HOME"]), pathlib.Path(day.environ["HOME"]).parent)
    assert {"debug.log", "journal.jsonl"} <= looked
    _look_at_processes(scan, lines)
    assert scan.found == set()


def _look_at_files(scan: Scan, home: pathlib.Path, place: pathlib.Path) -> set[str]:
    """Every file that was written, apart from the person's own and the two caches; the names of those looked at."""
    own = (
        home / ".cache/roledeck/sessions",
        home / ".cache/roledeck/index",
        home / ".aws/sso/cache",
        home / ".aws/login/cache",
        place / "demo",
    )
    looked = set()
    for path in place.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(folder) for folder in own) and path.name not in {"visited", "pod-token"}:
            scan.look(str(path.relative_to(place)), path.read_bytes())
            looked.add(path.name)
    return looked


def _look_at_processes(scan: Scan, lines: dict[bytes, bytes]) -> None:
    """No command line has a secret; an environment only that of the chosen child, and outside of children what the person set."""
    given = ("bearer", "code 1", "code 2", "wrong code")
    assert any(b"own_resolver" in line for line in lines), "nobody watched"
    for line, environ in lines.items():
        argv = line.partition(b"\0\0")[0]
        scan.look(f"argv of {argv[:80]!r}", argv)
        if CHILD.encode() in argv and b"tui_app" not in argv:
            chosen = tuple(name for name in scan.names if name.startswith("role"))
            scan.look(f"environ of the child {argv[:40]!r}", environ, allowed=chosen)
        elif b"tui_app.aws.own_resolver" in argv or b"ROLEDECK_ROLE=" in environ:
            scan.look(f"environ of {argv[:80]!r}", environ)
        else:
            scan.look(f"environ of {argv[:80]!r}", environ, allowed=given)
