"""Signing in by the browser of this machine: the link, the listener, and which way is taken."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_app.errors import Cancelled, Refused
from tui_app.model import SsoSession
from tui_app.secret import Secret
from tui_app.sessions.sign_in.browser import by_browser
from tui_app.sessions.sign_in.device import by_device
from tui_app.sessions.sign_in.listener import HOST, PATH, listening
from tui_app.sessions.sign_in.oidc import BROWSER_GRANTS
from tui_app.sessions.sign_in.opening import can_open, open_link
from tui_app.sessions.sign_in.start import way_for


def never():
    return False


def test_a_browser_signs_in(ground, approve, get):
    seen = []

    def show(prompt):
        seen.append(prompt)
        threading.Thread(target=approve, args=(prompt,)).start()

    token = by_browser(ground, show, never)
    assert ground.files.token(ground.sign_in).access == token.access
    asked = {name: values[0] for name, values in parse_qs(urlsplit(seen[0].link).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scopes"] == "sso:account:access"
    assert urlsplit(asked["redirect_uri"])[:3] == ("http", urlsplit(asked["redirect_uri"]).netloc, PATH)
    assert urlsplit(asked["redirect_uri"]).hostname == HOST
    assert len(asked["state"]) >= 32
    with pytest.raises(ConnectionRefusedError):
        get(asked["redirect_uri"])


def test_a_refusal_in_the_browser_is_cleaned(ground, get):
    def show(prompt):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(prompt.link).query).items()}
        back = f"{asked['redirect_uri']}?error=access_denied&error_description=No%1b%5b31m%20way&state={asked['state']}"
        threading.Thread(target=get, args=(back,)).start()

    with pytest.raises(Refused) as caught:
        by_browser(ground, show, never)
    assert caught.value.message == "The start page refused the sign-in: No␛[31m way."
    assert ground.files.token(ground.sign_in) is None


def test_a_browser_that_never_comes_back_can_be_given_up_on(ground):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        by_browser(ground, lambda _: cancelled.set(), cancelled.is_set)


def test_a_client_of_the_other_way_is_not_taken(ground, approve, at_once):
    by_device(ground, approve, never)
    assert ground.files.registration(ground.sign_in).grants == ()
    by_browser(ground, lambda prompt: threading.Thread(target=approve, args=(prompt,)).start(), never)
    assert ground.files.registration(ground.sign_in).grants == BROWSER_GRANTS


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 404),
        ("/oauth/callback/", 404),
        ("/oauth/callbackx?code=c&state=right", 404),
        ("/favicon.ico", 404),
        ("/oauth/callback", 400),
        ("/oauth/callback?code=c", 400),
        ("/oauth/callback?code=c&state=wrong", 400),
        ("/oauth/callback?error=x&state=wrong", 400),
        ("/oauth/callback?state=right", 400),
        ("/oauth/callback?code=&state=right", 400),
        ("/oauth/callback?code=c&state=right&state=wrong", 400),
        ("/oauth/callback?code=c&code=d&state=right", 400),
        ("/oauth/callback?code=c%0d%0ax&state=right", 400),
        ("/oauth/callback?" + "&".join(f"a{number}=1" for number in range(50)), 400),
    ],
)
def test_the_listener_takes_nothing_but_its_own_answer(target, status, get):
    with listening(Secret("right")) as listener:
        assert get(f"http://{HOST}:{listener.port}{target}")[0] == status
        assert listener.answer(0) is None


def test_the_listener_answers_once_with_a_page_that_tells_nothing(get):
    with listening(Secret("right")) as listener:
        back = f"{listener.redirect}?code=the-code&state=right"
        assert get(back, host=f"evil.example:{listener.port}")[0] == 404
        status, page, headers = get(back)
        assert status == 200
        assert "the-code" not in page
        assert "http" not in page
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Python" not in headers.get("Server", "")
        assert listener.answer(5).code == Secret("the-code")
        assert get(back)[0] == 404


def test_a_browser_that_hangs_up_is_no_news_to_the_terminal(get, capfd):
    with listening(Secret("right")) as listener:
        with socket.create_connection((HOST, listener.port)) as gone:
            gone.sendall(b"GET /favicon.ico HT")
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing sends a reset
        assert get(f"{listener.redirect}?code=c&state=right")[0] == 200
        assert listener.answer(5).code == Secret("c")
    assert capfd.readouterr().err == ""


def test_the_listener_is_on_this_machine_only():
    with listening(Secret("right")) as listener:
        listening_on = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]
        assert f"0100007F:{listener.port:04X}" in listening_on
        assert f"00000000:{listener.port:04X}" not in listening_on


def test_where_the_person_sits_decides_the_way(tmp_path):
    named, older = SsoSession("hub", "https://x.awsapps.com/start", "eu-west-1"), SsoSession("", "https://x.awsapps.com/start", "eu-west-1")
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    here = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert way_for(named, here) == "browser"
    assert way_for(older, here) == "device"
    assert way_for(named, {"PATH": str(tmp_path)}) == "device"
    assert way_for(named, here | {"SSH_CONNECTION": "1 2 3 4"}) == "device"
    assert way_for(named, {"BROWSER": "firefox", "SSH_CONNECTION": "1 2 3 4"}) == "browser"
    assert not can_open({"PATH": "", "DISPLAY": ":0"})


def test_the_browser_gets_the_link_as_one_word(tmp_path, wait_for):
    program, heard = tmp_path / "my browser", tmp_path / "heard"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {heard}\n')
    program.chmod(0o755)
    environ = {"PATH": "/usr/bin:/bin", "BROWSER": f"/not/there:'{program}' --new %s"}
    assert open_link("https://x.awsapps.com/a?b=c&d=$(id)", environ)
    assert wait_for(lambda: heard.exists() and heard.read_text()) == "--new\nhttps://x.awsapps.com/a?b=c&d=$(id)\n"
    assert not open_link("https://x.awsapps.com", {"BROWSER": "/not/there", "PATH": ""})
