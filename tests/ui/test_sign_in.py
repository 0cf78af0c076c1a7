"""Signing in on the screen, over real HTTP: offered where a role needs it, shown in plain letters, cancelled by esc."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.errors import SignedOut
from tui_app.sessions.sign_in.tokens import live_token
from tui_app.ui.deeds import signing_in
from tui_app.ui.qr import BORDER, qr_rows
from tui_app.ui.screens.sign_in import ChooseSignIn, SignInScreen

PROFILE = """
[profile hub]
sso_session = start-page
sso_account_id = 777700001111
sso_role_name = ReadOnlyAccess
region = eu-west-1
"""


@pytest.fixture
def screen(environ, screen, quick_sign_in):
    with Path(environ["AWS_CONFIG_FILE"]).open("a", encoding="utf-8") as file:
        file.write(PROFILE)
    return screen


def code_of(deck):
    return deck.screen.prompt.user_code


async def open_sign_in(deck, pilot, until):
    await until(pilot, lambda: isinstance(deck.screen, SignInScreen) and deck.screen.prompt)


def approve(aws, deck):
    aws.control("POST", "approve", {"user_code": code_of(deck)})


async def test_a_role_that_needs_it_offers_the_sign_in_and_is_assumed_after_it(screen, aws, environ, until, text_of):
    async with screen() as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        await pilot.pause()
        shown = text_of(deck)
        assert f"    {code_of(deck)}    " in shown
        assert "/device?user_code=" in shown.replace("\n", "")
        assert "Sign in to start-page" in shown
        approve(aws, deck)
        await until(pilot, lambda: deck.store.state("hub") == "live")
        assert not isinstance(deck.screen, SignInScreen)
        assert deck.store.sessions["hub"].identity.account == "777700001111"
        assert live_token(deck.loaded.catalog.sign_ins["start-page"], environ, time.time)


async def test_esc_cancels_and_the_row_says_why(screen, environ, until):
    async with screen() as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        await pilot.press("escape")
        await until(pilot, lambda: deck.screen is deck.main)
        assert deck.store.state("hub") == "failed"
        assert deck.store.failures["hub"].word == "sign in"
        assert deck.store.failures["hub"].message == "You are signed out of start-page."
        assert live_token(deck.loaded.catalog.sign_ins["start-page"], environ, time.time) is None


async def test_no_key_reaches_the_page_and_the_time_runs(screen, until, text_of):
    async with screen(size=(80, 24)) as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        at = deck.store.cursor
        await pilot.press("j", "x", "q")
        assert deck.store.cursor == at
        await until(pilot, lambda: "9:5" in text_of(deck))
        assert "esc cancel" in text_of(deck)


async def test_y_copies_the_link_and_enter_opens_it(screen, environ, tmp_path, until):
    heard = tmp_path / "heard"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {heard}\n')
    program.chmod(0o755)
    environ["BROWSER"] = str(program)
    async with screen() as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        link = deck.screen.prompt.link
        await pilot.press("enter")
        await until(pilot, lambda: heard.exists() and heard.read_text().strip() == link)
        await pilot.press("y")
        await until(pilot, lambda: any("Sign-in link" in note.text for note in deck.store.activity))


async def test_without_a_browser_it_says_so(screen, until, text_of):
    async with screen() as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        await pilot.press("o")
        await until(pilot, lambda: "There is no browser here" in text_of(deck))


async def test_what_goes_wrong_is_said_and_can_be_tried_again(screen, aws, until, text_of):
    async with screen() as (deck, pilot):
        aws.fault("500", "sso-oidc:RegisterClient", times=3)
        deck.run_command("sso.login")
        await until(pilot, lambda: isinstance(deck.screen, SignInScreen) and deck.screen.problem)
        await pilot.pause()
        assert "try again" in text_of(deck)
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        approve(aws, deck)
        await until(pilot, lambda: deck.screen is deck.main)


async def test_two_roles_wait_for_one_sign_in(screen, aws, until):
    async with screen() as (deck, pilot):
        then = []
        error = SignedOut("You are signed out of start-page.", "", "start-page")
        assert signing_in.offer(deck, error, lambda: then.append(1))
        assert signing_in.offer(deck, error, lambda: then.append(2))
        await open_sign_in(deck, pilot, until)
        assert len([item for item in deck.screen_stack if isinstance(item, SignInScreen)]) == 1
        approve(aws, deck)
        await until(pilot, lambda: then == [1, 2])
        assert not signing_in.offer(deck, SignedOut("", "", "in no file"), then.clear)


async def test_signing_out_asks_first_and_drops_what_came_through(screen, aws, environ, until, text_of):
    async with screen() as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        approve(aws, deck)
        await until(pilot, lambda: deck.store.state("hub") == "live")
        deck.run_command("sso.logout")
        await until(pilot, lambda: "Sign out of start-page" in text_of(deck))
        await pilot.press("y")
        await until(pilot, lambda: deck.store.state("hub") == "never")
        assert live_token(deck.loaded.catalog.sign_ins["start-page"], environ, time.time) is None


@pytest.fixture
def another(environ):
    with Path(environ["ROLEDECK_CONFIG"]).open("a", encoding="utf-8") as file:
        file.write('\n[sso.other]\nstart_url = "https://other.awsapps.com/start"\nregion = "eu-west-1"\n')


@pytest.mark.usefixtures("another")
async def test_one_of_several_is_chosen(screen, until):
    async with screen() as (deck, pilot):
        deck.store.move_to("production/AdminRole")
        deck.run_command("sso.login")
        await until(pilot, lambda: isinstance(deck.screen, ChooseSignIn))
        await pilot.press("down", "up", "enter")
        await open_sign_in(deck, pilot, until)
        assert deck.screen.sign_in.key == "start-page"


async def test_without_any_sign_in_there_is_nothing_to_sign_out_of(stage):
    async with stage() as s:
        s.deck.run_command("sso.logout")
        await s.sees("There is no start page in the files.")


async def test_a_phone_gets_the_link_as_a_picture(screen, until, text_of):
    async with screen(size=(80, 24)) as (deck, pilot):
        deck.store.move_to("hub")
        await pilot.press("enter")
        await open_sign_in(deck, pilot, until)
        await pilot.press("p")
        await until(pilot, lambda: "on the phone too?" in text_of(deck))
        pictured = [row[1][0] for row in qr_rows(deck.screen.prompt.link, 64, light_paper=False)]
        assert all(row in text_of(deck) for row in pictured)
        assert code_of(deck) in text_of(deck)
        assert "esc cancel" in text_of(deck)
        await pilot.press("p")
        await until(pilot, lambda: "Waiting for you to allow it" in text_of(deck))


@pytest.mark.parametrize("light_paper", [True, False])
def test_the_picture_has_every_module(light_paper):
    from segno import make_qr

    text = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH"
    wanted = [[bool(module) for module in row] for row in make_qr(text, error="l", boost_error=False).matrix_iter(border=BORDER)]
    halves = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    read: list[list[bool]] = []
    for row in qr_rows(text, 64, light_paper=light_paper):
        drawn = [halves[letter] for letter in row[1][0]]
        read += [[(top if light_paper else not top) for top, _ in drawn], [(low if light_paper else not low) for _, low in drawn]]
    assert read[: len(wanted)] == wanted


class Slow(AwsDoor):
    """Answers with a code only when the gate is opened."""

    def __init__(self, url):
        super().__init__(url)
        self.asked, self.gate = threading.Event(), threading.Event()

    def call(self, service, operation, **rest):
        if operation == "StartDeviceAuthorization":
            self.asked.set()
            self.gate.wait(10)
        return super().call(service, operation, **rest)


async def test_an_answer_that_comes_after_esc_disturbs_nobody(screen, aws, until):
    door = Slow(aws.url)
    async with screen(door=door) as (deck, pilot):
        deck.run_command("sso.login")
        await until(pilot, door.asked.is_set)
        job = deck.screen._job
        await pilot.press("escape")
        await until(pilot, lambda: deck.screen is deck.main)
        door.gate.set()
        await until(pilot, job.ended.is_set)
        await pilot.pause()
        assert deck.screen is deck.main
