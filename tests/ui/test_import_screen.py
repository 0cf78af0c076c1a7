"""Looking for roles and importing them on the screen: the wait with its progress, what is found, enter writes, esc leaves."""

from __future__ import annotations

import json
import pathlib
import threading
import time
import tomllib

import pytest

from tui_app import paths
from tui_app.catalog.discovered import discovered_files
from tui_app.catalog.load import Catalog
from tui_app.catalog.shared_config import parse_shared_config
from tui_app.clock import rfc3339
from tui_app.errors import OutOfReach
from tui_app.sessions.sign_in.token_files import TokenFiles, token_name

HUB = "[sso-session hub]\nsso_start_url = https://hub.awsapps.com/start\nsso_region = eu-west-1\n"
ACCOUNTS = [{"accountId": f"{number:012}", "accountName": f"account-{number:02}"} for number in range(1, 13)]


class Portal:
    """A door with a start page behind it; `gate` holds the roles of the second account and the rest back."""

    endpoint_url = None

    def __init__(self, roles=("Admin", "Read", "Audit")):
        self.roles = roles
        self.gate = threading.Event()
        self.gate.set()
        self.failure = None

    def call(self, service, operation, *, region, key, parameters, **_rest):
        if operation == "ListAccounts":
            if self.failure:
                raise self.failure
            return {"accountList": ACCOUNTS}
        if parameters["accountId"] != ACCOUNTS[0]["accountId"]:
            self.gate.wait(10)
        return {"roleList": [{"roleName": name} for name in self.roles]}


@pytest.fixture
def catalog():
    return Catalog(shared=parse_shared_config(HUB, ""))


@pytest.fixture
def signed_in(tmp_path, catalog):
    """A token in the home of the stage."""
    environ = {"HOME": str(tmp_path)}
    said = {"startUrl": "https://hub.awsapps.com/start", "region": "eu-west-1", "accessToken": "aoa-secret"}
    said["expiresAt"] = rfc3339(time.time() + 8 * 3600)
    TokenFiles(environ).folder.put(token_name(catalog.sign_ins["hub"]) + ".json", json.dumps(said).encode())
    return environ


def fragment(environ):
    return pathlib.Path(paths.fragments_folder(environ), "sso-hub.toml")


def written(environ):
    """The fragment's text, or an empty one where nothing was written."""
    return fragment(environ).read_text() if fragment(environ).exists() else ""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_import_shows_its_progress_and_what_is_new_and_enter_writes_it(stage, catalog, signed_in, size):
    portal = Portal()
    portal.gate.clear()
    async with stage(catalog=catalog, door=portal, size=size) as s:
        s.deck.run_command("roles.import")
        await s.sees("1 of 12 accounts")
        assert "━" in s.screen
        portal.gate.set()
        await s.sees("36 roles and 12 accounts new")
        assert "+ account-01  000000000001" in s.screen
        assert "more" in s.screen
        assert not written(signed_in), "nothing is written before enter"
        await s.press("G")
        assert "account-12" in s.screen
        await s.press("enter")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
    assert len(tomllib.loads(written(signed_in))["account"]) == 12


async def test_what_is_gone_and_new_is_told_and_esc_leaves_it(stage, catalog, signed_in):
    portal = Portal()
    async with stage(catalog=catalog, door=portal) as s:
        s.deck.run_command("roles.import")
        await s.sees("new")
        await s.press("enter")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
        portal.roles = ("Admin", "Read", "Other")
        s.deck.run_command("roles.import")
        await s.sees("12 roles new, 12 roles gone")
        assert "- Audit" in s.screen
        assert "+ Other" in s.screen
        await s.press("escape")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
        portal.roles = ("Admin", "Read", "Audit")
        s.deck.run_command("roles.import")
        await s.sees("Nothing changed")
        await s.press("enter")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
    assert "Audit" in written(signed_in)
    assert "Other" not in written(signed_in)


async def test_a_new_look_is_remembered_and_told(stage, catalog, signed_in):
    async with stage(catalog=catalog, door=Portal()) as s:
        s.deck.run_command("discover.refresh")
        await s.sees("36 roles in 12 accounts at hub")
        assert len(s.deck.screen_stack) == 1
    assert len(discovered_files(signed_in)) == 1


async def test_esc_cancels_the_wait_and_nothing_is_kept(stage, catalog, signed_in):
    portal = Portal()
    portal.gate.clear()
    async with stage(catalog=catalog, door=portal) as s:
        s.deck.run_command("discover.refresh")
        await s.sees("1 of 12 accounts")
        await s.press("escape")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
        portal.gate.set()
        await s.until(lambda: not s.deck.aws_jobs._running)
    assert discovered_files(signed_in) == []


async def test_a_failure_stays_and_enter_tries_again(stage, catalog, signed_in):
    portal = Portal()
    portal.failure = OutOfReach("The portal cannot be reached.", "Check the network.")
    async with stage(catalog=catalog, door=portal) as s:
        s.deck.run_command("roles.import")
        await s.sees("✕ The portal cannot be reached.")
        assert "Check the network." in s.screen
        portal.failure = None
        await s.press("enter")
        await s.sees("36 roles and 12 accounts new")


async def test_a_file_of_a_person_is_told_and_left_alone(stage, catalog, signed_in):
    fragment(signed_in).parent.mkdir(parents=True)
    fragment(signed_in).write_text("# mine\n")
    async with stage(catalog=catalog, door=Portal()) as s:
        s.deck.run_command("roles.import")
        await s.sees("was not written by roledeck")
    assert written(signed_in) == "# mine\n"


async def test_names_of_aws_are_shown_cleaned(stage, catalog, signed_in, monkeypatch):
    monkeypatch.setitem(ACCOUNTS[0], "accountName", "\x1b[31mred\u202e[bold]")
    async with stage(catalog=catalog, door=Portal()) as s:
        s.deck.run_command("roles.import")
        await s.sees("12 accounts new")
        assert "\x1b" not in s.screen
        assert "\u202e" not in s.screen
        assert "red�[bold]" in s.screen


async def test_signed_out_leads_to_the_sign_in(stage, catalog):
    async with stage(catalog=catalog, door=Portal()) as s:
        s.deck.run_command("roles.import")
        await s.sees("Sign in to hub")


async def test_the_pane_says_how_old_a_remembered_role_is_and_the_list_names_its_start_page(stage, catalog, signed_in, world):
    from dataclasses import replace

    from tui_app.catalog.discovered import Remembered
    from tui_app.model import Origin

    told = Remembered("hub", "https://hub.awsapps.com/start", "eu-west-1", time.time() - 3 * 3600 - 5, (), (), "/cache/hub.json")
    found = replace(world.role("audit", "777788889999", "Reader"), via="sso-session hub", origins={"role": Origin("/cache/hub.json", 0)})
    async with stage(catalog=replace(catalog, discovered=(told,)), roles=(found,)) as s:
        await s.sees("Looked up")
        assert "3h ago" in s.screen
        assert "hub.json" not in s.screen
        assert any("Reader" in line and "  hub  " in line for line in s.screen.splitlines())
