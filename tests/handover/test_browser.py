"""The one-shot page, and the browser that is sent to it: no secret on a command line, one answer, nothing left behind."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from tui_app.errors import Cancelled, RoledeckError
from tui_app.handover import browser as browsers
from tui_app.handover.browser import Browser, filled, is_ours, one_shot, open_plain, open_secret
from tui_app.secret import Secret

SECRET = Secret("https://signin.aws.amazon.com/federation?Action=login&SigninToken=VerySecretToken")
LINK = "http://127.0.0.1:1234/nonce"


def ask(page, path=None, method="GET", hosts=None):
    """One request as raw as it needs to be; status, headers, body."""
    port = int(page.link.split(":")[2].split("/")[0])
    path = path if path is not None else "/" + page.link.rsplit("/", 1)[1]
    lines = [f"{method} {path} HTTP/1.1", *(f"Host: {host}" for host in (hosts if hosts is not None else [f"127.0.0.1:{port}"]))]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_it_sends_the_browser_on_once_and_says_that_nothing_is_to_be_kept():
    with one_shot(SECRET) as page:
        status, headers, body = ask(page)
        assert (status, headers["Location"], body) == (303, SECRET.reveal(), b"")
        assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
        assert page.fetched(5)
        status, headers, _ = ask(page)
        assert (status, "Location" in headers) == (404, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "/"},
        {"path": "/wrong"},
        {"path": "/é".encode().decode("latin-1")},
        {"path": "http://127.0.0.1/x"},
        {"hosts": ["evil.example"]},
        {"hosts": ["127.0.0.1"]},
        {"hosts": ["localhost:1"]},
        {"hosts": []},
        {"hosts": ["{own}", "{own}"]},
        {"method": "POST"},
        {"method": "HEAD"},
        {"method": "OPTIONS"},
    ],
)
def test_whoever_asks_otherwise_gets_nothing_and_spoils_nothing(wrong):
    with one_shot(SECRET) as page:
        own = page.link.split("/")[2]
        asked = {name: [host.replace("{own}", own) for host in value] if name == "hosts" else value for name, value in wrong.items()}
        status, headers, body = ask(page, **asked)
        assert status == 404
        assert "Location" not in headers
        assert b"VerySecret" not in body
        assert not page.fetched(0)
        assert ask(page)[0] == 303


def test_of_many_at_once_one_is_sent_on():
    with one_shot(SECRET) as page:
        found = []
        threads = [threading.Thread(target=lambda: found.append(ask(page)[0])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [303] + [404] * 19


def test_the_page_is_gone_afterwards():
    with one_shot(SECRET) as page:
        port = int(page.link.split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_two_pages_have_nothing_in_common():
    with one_shot(SECRET) as one, one_shot(SECRET) as other:
        assert one.link.split("/")[-1] != other.link.split("/")[-1]
        assert len(one.link.split("/")[-1]) >= 43


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="needs root on Linux to be somebody else")
def test_another_user_of_the_machine_is_not_sent_on():
    with one_shot(SECRET) as page:
        netloc, path = page.link.removeprefix("http://").split("/")
        code = (
            "import encodings.idna, http.client, os; os.setuid(65534)\n"
            f"wire = http.client.HTTPConnection({netloc!r}); wire.request('GET', '/{path}'); print(wire.getresponse().status)"
        )
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert other.stdout.strip() == "404", other.stderr
        assert ask(page)[0] == 303


def test_a_connection_that_the_system_does_not_list_is_taken_for_the_browser():
    assert is_ours(1, 2)


@pytest.fixture
def fetching(tmp_path):
    """A browser that notes its own command line, as the whole machine sees it, and fetches what it was given."""

    def make(code="", name="browser"):
        program = tmp_path / name
        program.write_text(
            f"#!{sys.executable}\nimport http.client, sys, urllib.parse\n"
            "seen = open('/proc/self/cmdline', 'rb').read() + open('/proc/self/environ', 'rb').read()\n"
            f"open({str(tmp_path / 'argv')!r}, 'ab').write(seen)\n"
            f"{code}\n"
            "link = urllib.parse.urlsplit(next(word for word in sys.argv[1:] if '://' in word))\n"
            "wire = http.client.HTTPConnection(link.netloc)\nwire.request('GET', link.path)\n"
            f"open({str(tmp_path / 'went')!r}, 'w').write(wire.getresponse().headers['Location'] or 'nowhere')\n"
        )
        program.chmod(0o755)
        return str(program)

    return make


def environ(**more):
    return {"PATH": os.environ["PATH"], **more}


def test_the_browser_gets_there_and_nobody_reads_the_secret_on_the_way(fetching, tmp_path, wait_for):
    open_secret(Browser(environ(BROWSER=fetching())), SECRET)
    assert wait_for(lambda: (tmp_path / "went").exists() and (tmp_path / "went").read_text()) == SECRET.reveal()
    noted = (tmp_path / "argv").read_bytes()
    assert b"http://127.0.0.1:" in noted
    assert b"VerySecret" not in noted


def test_a_template_is_used_before_the_systems_own(fetching, tmp_path):
    browser = Browser(
        environ(BROWSER="/bin/false", SSH_TTY="x"), (fetching(), "--new-tab", "{url}", "--profile={account}"), {"account": "a b"}
    )
    open_secret(browser, SECRET)
    assert b"--profile=a-b" in (tmp_path / "argv").read_bytes()


def test_a_browser_that_does_not_come_is_not_waited_for_for_ever(tmp_path):
    (tmp_path / "idle").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "idle").chmod(0o755)
    with pytest.raises(RoledeckError, match="No browser came for the link within") as refused:
        open_secret(Browser(environ(BROWSER=str(tmp_path / "idle"))), SECRET, limit=0.2)
    assert "VerySecret" not in refused.value.sentence()


def test_one_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(browsers, "GRACE", 0.05)
    with pytest.raises(RoledeckError, match="false could not open the browser: it ended with 1"):
        open_secret(Browser(environ(BROWSER="false")), SECRET)


def test_a_program_that_fails_after_the_browser_has_come_is_no_failure(fetching, tmp_path):
    slow = fetching("import subprocess, os\nif os.fork() == 0: os.setsid()\nelse: os._exit(3)")
    open_secret(Browser(environ(BROWSER=slow)), SECRET)


def test_waiting_ends_when_the_person_gives_up():
    began = time.monotonic()
    with pytest.raises(Cancelled):
        open_secret(Browser(environ(BROWSER="true")), SECRET, cancelled=lambda: True)
    assert time.monotonic() - began < browsers.LIMIT


@pytest.mark.parametrize(
    ("variables", "template", "says"),
    [
        ({}, (), "There is no browser here"),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a b c d"}, (), "There is no browser here"),
        ({}, ("/nowhere/firefox", "{url}"), "/nowhere/firefox, which [console] browser names, could not be started"),
    ],
)
def test_without_a_browser_it_says_so(tmp_path, variables, template, says):
    for open_it, address in ((open_secret, SECRET), (open_plain, "https://acme.awsapps.com/start")):
        with pytest.raises(RoledeckError) as refused:
            open_it(Browser({"PATH": str(tmp_path), **variables}, template), address)
        assert says in refused.value.message
        assert "--print" in refused.value.next_step


@pytest.mark.parametrize(
    ("template", "words", "made"),
    [
        ((), {}, []),
        (("firefox", "--new-tab", "{url}"), {}, ["firefox", "--new-tab", LINK]),
        (("firefox",), {}, ["firefox", LINK]),
        (("firefox", "ext+container:name={account}&url={url}"), {"account": "prod"}, ["firefox", f"ext+container:name=prod&url={LINK}"]),
        (("x", "{account}", "{url}"), {"account": "--evil"}, ["x", "evil", LINK]),
        (("x", "--dir=/p/{account}", "{url}"), {"account": "../../etc/{url}&x=\n1"}, ["x", "--dir=/p/etc--url--x--1", LINK]),
        (("x", "{account}/{role}/{environment}", "{url}"), {"account": "ä", "role": "", "environment": "dev"}, ["x", "-/-/dev", LINK]),
    ],
)
def test_a_template_is_filled_and_a_name_stays_a_name(template, words, made):
    assert filled(template, LINK, words) == made
