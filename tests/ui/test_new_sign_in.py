"""A start page that no file names: typed, checked, signed in at, and only then written down; the first run leads there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tui_app.catalog.load import load_catalog
from tui_app.catalog.new_sign_in import checked, keep, suggested_name, tidy_start_url, wrong
from tui_app.errors import UsageError
from tui_app.model import SsoSession
from tui_app.ui.screens.discover import Discover
from tui_app.ui.screens.first_run import FirstRun
from tui_app.ui.screens.new_sign_in import NewSignIn
from tui_app.ui.screens.sign_in import SignInScreen

PAGE = "https://acme.awsapps.com/start"
KNOWN = {"acme": SsoSession("acme", PAGE, "eu-west-1")}


@pytest.mark.parametrize("typed", [PAGE, f"{PAGE}/", f" {PAGE}/#/ ", f"{PAGE}/?tab=accounts"])
def test_a_start_url_is_taken_as_a_browser_shows_it(typed):
    assert tidy_start_url(typed) == PAGE


@pytest.mark.parametrize(
    ("page", "name"),
    [(PAGE, "acme"), ("https://d-1234567890.awsapps.com/start", "d-1234567890"), ("http://127.0.0.1:8080/start", ""), ("", "")],
)
def test_the_page_suggests_its_own_name(page, name):
    assert suggested_name(page) == name


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("start_url", "", "It is needed."),
        ("start_url", "ftp://acme", "A start URL is written like"),
        ("region", "Frankfurt", "A region is written like"),
        ("name", "a.b", "A name has 1 to 64"),
        ("name", "acme", "is there already"),
        ("name", "other", ""),
    ],
)
def test_each_answer_is_held_against_its_limits(name, text, said):
    complaint = wrong(name, text, KNOWN)
    assert said in complaint
    assert bool(complaint) is bool(said)


def test_the_same_page_again_is_the_one_that_is_there():
    assert checked(f"{PAGE}/#/", "eu-west-1", "", KNOWN) is KNOWN["acme"]
    with pytest.raises(UsageError, match="is there already"):
        checked("https://acme.example.com/start", "eu-west-1", "", KNOWN)
    with pytest.raises(UsageError, match="The region of the start page is needed"):
        checked(PAGE, "", "", {})


def test_several_start_pages_stand_in_one_file_and_none_takes_anothers_name(tmp_path):
    environ = {"HOME": str(tmp_path)}
    keep(environ, KNOWN["acme"])
    path = keep(environ, SsoSession("other", "https://other.awsapps.com/start", "us-east-1"))
    assert keep(environ, KNOWN["acme"]) == path
    assert set(tomllib.loads(Path(path).read_text())["sso"]) == {"acme", "other"}
    with pytest.raises(UsageError, match="was written before"):
        keep(environ, SsoSession("acme", "https://else.awsapps.com/start", "eu-west-1"))
    assert set(load_catalog(environ).sign_ins) == {"acme", "other"}


@pytest.fixture
def newcomer(aws, tmp_path, deck_over, quick_sign_in):
    """Somebody with nothing but a start page."""
    environ = {
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "ROLEDECK_ENDPOINT_URL": aws.url,
    }

    return deck_over(environ, aws.url), environ


def sign_ins_file(environ) -> Path:
    return Path(environ["HOME"], ".config/roledeck/config.d/sign-ins.toml")


async def typed_in(pilot, deck, aws, until, name="hub"):
    await pilot.press("s")
    await until(pilot, lambda: isinstance(deck.screen, NewSignIn))
    for field, text in (("start_url", f"{aws.url}/start/"), ("region", "eu-west-1"), ("name", name)):
        deck.screen.fields[field].insert(text)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(deck.screen, SignInScreen) and deck.screen.prompt)


async def test_the_first_run_leads_to_every_role_of_a_start_page(newcomer, aws, until):
    deck, environ = newcomer
    async with deck.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(deck.screen, FirstRun))
        await typed_in(pilot, deck, aws, until)
        assert not sign_ins_file(environ).exists()
        aws.fault("slow", "sso:ListAccountRoles", times=5, arg=0.5)
        aws.control("POST", "approve", {"user_code": deck.screen.prompt.user_code})
        await until(pilot, lambda: isinstance(deck.screen, Discover))
        await until(pilot, lambda: len(deck.store.roles) == 40)
        await until(pilot, lambda: deck.screen is deck.main)
        assert tomllib.loads(sign_ins_file(environ).read_text()) == {
            "sso": {"hub": {"start_url": f"{aws.url}/start", "region": "eu-west-1"}}
        }


async def test_the_first_look_shows_how_far_it_is_and_esc_ends_it(newcomer, aws, until, text_of):
    deck, environ = newcomer
    async with deck.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(deck.screen, FirstRun))
        await typed_in(pilot, deck, aws, until)
        aws.fault("slow", "sso:ListAccountRoles", times=5, arg=1)
        aws.control("POST", "approve", {"user_code": deck.screen.prompt.user_code})
        await until(pilot, lambda: "of 12 accounts" in text_of(deck))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(deck.screen, FirstRun) and deck.loaded.catalog.sign_ins)
        assert sign_ins_file(environ).exists()
        assert not deck.loaded.catalog.discovered


async def test_esc_goes_back_to_what_was_typed_and_nothing_is_written(newcomer, aws, until):
    deck, environ = newcomer
    async with deck.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(deck.screen, FirstRun))
        await typed_in(pilot, deck, aws, until)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(deck.screen, NewSignIn))
        assert deck.screen.answers() == {"start_url": f"{aws.url}/start", "region": "eu-west-1", "name": "hub"}
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(deck.screen, FirstRun))
        assert not sign_ins_file(environ).exists()


@pytest.fixture
def _no_folder(tmp_path):
    """A file lies where the config's folder would be made."""
    (tmp_path / ".config").write_text("")


@pytest.mark.usefixtures("_no_folder")
async def test_a_file_that_cannot_be_written_is_said_and_the_form_stays(newcomer, aws, until):
    deck, _environ = newcomer
    async with deck.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(deck.screen, FirstRun))
        await typed_in(pilot, deck, aws, until)
        aws.control("POST", "approve", {"user_code": deck.screen.prompt.user_code})
        await until(pilot, lambda: isinstance(deck.screen, NewSignIn) and "Nothing was changed." in deck.screen.problem)


async def test_what_is_missing_is_said_at_enter_and_letters_are_text(stage):
    async with stage(roles=[], size=(80, 24)) as s:
        await s.sees("No roles yet.")
        await s.press("s")
        await s.until(lambda: isinstance(s.deck.screen, NewSignIn))
        await s.press(*"htt")
        assert "✕" not in s.screen
        await s.press("enter")
        await s.sees("A start URL is written like")
        await s.press("ctrl+u", *"https://[b]q[/b].example/start", "down", *"eu-", "down")
        await s.sees("A region is written like")
        assert "[b]q[/b]" in s.screen
        await s.press("escape")
        await s.sees("No roles yet.")


async def test_the_palette_asks_for_a_start_page_where_the_files_name_none(stage):
    async with stage() as s:
        for command in ("sso.login", "roles.import", "sso.new"):
            s.deck.run_command(command)
            await s.until(lambda: isinstance(s.deck.screen, NewSignIn))
            await s.press("escape")
            await s.until(lambda: s.deck.screen is s.deck.main)
