"""`C`: the console opens signed in, in a job that can be cancelled; without a browser the link is copied after a yes."""

from __future__ import annotations

import base64
import pathlib
import sys
from contextlib import asynccontextmanager

import pytest

from tui_app.ui import compat

DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
NAME = "production CrossAccountDeveloperRole"


@pytest.fixture
def screen(screen):
    @asynccontextmanager
    async def opened(**variables):
        async with screen(**variables) as (deck, pilot):
            deck.store.move_to(DEVELOPER)
            yield deck, pilot

    return opened


@pytest.fixture
def browser(tmp_path):
    """A browser that goes where it is sent: `(path, visited)`."""
    program, visited = tmp_path / "browser", tmp_path / "visited"
    program.write_text(
        f"#!{sys.executable}\nimport http.client, os, sys, urllib.parse\n"
        "link = urllib.parse.urlsplit(sys.argv[1])\n"
        "wire = http.client.HTTPConnection(link.netloc)\nwire.request('GET', link.path)\n"
        f"open({str(visited) + '.new'!r}, 'w').write(wire.getresponse().headers['Location'])\n"
        f"os.rename({str(visited) + '.new'!r}, {str(visited)!r})\n"
    )
    program.chmod(0o755)
    return str(program), visited


def add(path, text):
    file = pathlib.Path(path)
    file.write_text(file.read_text() + text)


def notes(deck):
    return [note.text for note in deck.store.activity]


async def test_the_console_opens_in_the_browser_and_no_secret_is_on_the_screen(screen, browser, until, text_of):
    program, visited = browser
    async with screen(BROWSER=program) as (deck, pilot):
        await pilot.press("C")
        await until(pilot, lambda: any(note.startswith(f"Console of {NAME} opens in the browser, until ") for note in notes(deck)))
        await until(pilot, lambda: "opens in the browser" in text_of(deck))
        await until(pilot, visited.exists)
        assert deck.store.state(DEVELOPER) == "live"
        assert DEVELOPER not in deck.store.work
        token = visited.read_text().partition("SigninToken=")[2]
        assert len(token) > 20
        assert token not in text_of(deck) + "".join(notes(deck))
        journal = deck.loaded.broker.journal
        await until(pilot, lambda: [entry["how"] for entry in journal.entries() if entry["event"] == "handover"] == ["console"])
        assert token not in str(journal.entries())


async def test_a_browser_that_does_not_come_is_waited_for_until_the_person_gives_up(screen, until):
    async with screen(BROWSER="true") as (deck, pilot):
        await pilot.press("C")
        await until(pilot, lambda: deck.store.work.get(DEVELOPER) and "browser" in deck.store.work[DEVELOPER].detail)
        await pilot.press("escape")
        await until(pilot, lambda: "Cancelled" in notes(deck))
        assert DEVELOPER not in deck.store.work
        assert not [note for note in notes(deck) if "opens in the browser" in note]


async def test_a_refusal_is_said_and_the_session_stays(screen, aws, until, text_of):
    async with screen(BROWSER="true") as (deck, pilot):
        aws.fault("html", "signin:Federation")
        await pilot.press("C")
        await until(pilot, lambda: any("not an answer of AWS" in note for note in notes(deck)))
        await until(pilot, lambda: "not an answer of AWS" in text_of(deck))
        assert deck.store.state(DEVELOPER) == "live"


async def test_without_a_browser_the_link_is_copied_after_a_yes(screen, monkeypatch, until, text_of):
    written = []
    monkeypatch.setattr(compat, "write_terminal", lambda _deck, sequence: written.append(sequence))
    async with screen(SSH_TTY="/dev/pts/1", PATH="/nowhere") as (deck, pilot):
        await pilot.press("C")
        await until(pilot, lambda: "There is no browser here." in text_of(deck))
        assert "15 minutes" in text_of(deck)
        await pilot.press("escape")
        await pilot.pause()
        assert written == []
        assert deck.store.state(DEVELOPER) == "never"

        await pilot.press("C")
        await until(pilot, lambda: "There is no browser here." in text_of(deck))
        await pilot.press("y")
        await until(pilot, lambda: written)
        link = base64.b64decode(written[0][7:-1]).decode()
        assert "/federation?Action=login" in link
        await until(pilot, lambda: any(note.startswith("Sign-in link sent to the terminal") for note in notes(deck)))
        assert link.partition("SigninToken=")[2] not in text_of(deck) + "".join(notes(deck))


async def test_an_account_that_wants_a_yes_is_asked_about_first(screen, environ, browser, until, text_of):
    program, visited = browser
    add(environ["ROLEDECK_CONFIG"], "\n[environment.prod]\nconfirm = true\n")
    async with screen(BROWSER=program) as (deck, pilot):
        await pilot.press("C")
        await until(pilot, lambda: "open its console" in text_of(deck))
        assert deck.store.state(DEVELOPER) == "never"
        await pilot.press("y")
        await until(pilot, visited.exists)


async def test_a_permission_set_goes_to_its_start_page(aws, bare_environ, tmp_path, deck_over, until):
    folder = pathlib.Path(bare_environ["HOME"]) / ".aws"
    folder.mkdir()
    (folder / "config").write_text(
        "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
        "[profile reader]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\n"
    )
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/link.new; mv {tmp_path}/link.new {tmp_path}/link\n')
    program.chmod(0o755)
    own = bare_environ | {"BROWSER": str(program)}

    deck = deck_over(own, aws.url)
    async with deck.run_test(size=(140, 40)) as pilot:
        await until(pilot, lambda: deck.store.loaded)
        deck.store.move_to("reader")
        await pilot.press("C")
        await until(pilot, (tmp_path / "link").exists)
        assert "/#/console?account_id=111122223333&role_name=ReadOnly" in (tmp_path / "link").read_text()
        await until(pilot, lambda: any("start page opens the console" in note for note in notes(deck)))
