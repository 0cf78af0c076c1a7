"""Marked roles, saying yes before credentials leave, what a toast says whole, and work that is let go at once."""

from __future__ import annotations

from dataclasses import replace

from tui_app.catalog.load import Catalog
from tui_app.catalog.settings import EnvironmentSettings, Settings
from tui_app.errors import Refused
from tui_app.explorer.own_views import first_sight_of
from tui_app.model import Account, Origin, Problem, Request, Role
from tui_app.ui.backstage import last_good
from tui_app.ui.screens.confirm import Confirm
from tui_app.ui.screens.export import Export
from tui_app.ui.theme import colour_ink

DEVELOPER, ADMIN, DEPLOYER = "production/CrossAccountDeveloperRole", "production/AdminRole", "staging/Deployer"


async def test_marked_roles_are_assumed_and_nothing_else(stage):
    async with stage() as s:
        await s.press("down", "space", "space")
        assert s.store.marks == {ADMIN, DEPLOYER}
        await s.sees("renew 2 marked")
        await s.press("r")
        await s.until(lambda: len(s.broker.obtained) == 2 and not s.store.work)
        assert set(s.broker.obtained) == {ADMIN, DEPLOYER}
        assert not s.store.marks


async def test_renew_all_keeps_to_the_marks_where_there_are_any(stage):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("down", "space", "R")
        await s.until(lambda: s.store.state(ADMIN) == "live")
        assert s.broker.obtained == [DEVELOPER, ADMIN]


async def test_one_code_question_at_a_time_for_marked_roles_that_both_ask(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN, DEPLOYER})) as s:
        await s.press("down", "space", "space", "R")
        await s.until(lambda: s.deck.codes.open)
        assert len(s.deck.screen_stack) == 2
        await s.press(*"123456", "enter")
        await s.until(lambda: len(s.broker.obtained) == 1 and s.deck.codes.open)
        assert len(s.deck.screen_stack) == 2
        await s.press("escape")
        await s.until(lambda: not s.store.work)
        assert len(s.deck.screen_stack) == 1


async def test_esc_frees_the_row_while_the_network_hangs_and_what_comes_late_is_kept(stage, world):
    async with stage() as s:
        s.broker.fails[DEVELOPER] = Refused("The role does not trust you.", "Ask its owner.")
        await s.press("enter")
        await s.sees("does not trust you")
        s.broker.fails.clear()
        stuck = s.broker.gate
        stuck.clear()
        s.broker._obtain = lambda target, *_: (stuck.wait(10), s.broker.kept.setdefault(target.key, world.session_of(target)))[1]
        await s.press("enter")
        await s.until(lambda: DEVELOPER in s.store.work)
        await s.press("escape")
        await s.until(lambda: DEVELOPER not in s.store.work, 1)
        stuck.set()
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        assert DEVELOPER not in s.store.failures


async def test_a_try_after_a_cancelled_one_is_not_ended_by_it(stage):
    async with stage() as s:
        s.broker.gate.clear()
        await s.press("enter")
        await s.until(lambda: DEVELOPER in s.store.work)
        await s.press("escape", "enter")
        await s.until(lambda: DEVELOPER in s.store.work)
        second = s.store.work[DEVELOPER].job
        await s.pilot.pause(0.1)
        assert s.store.work[DEVELOPER].job is second
        s.broker.gate.set()
        await s.until(lambda: s.store.state(DEVELOPER) == "live")


def _guarded(world) -> list[Role]:
    account = Account("111122223333", "production", "prod", confirm=True)
    return [replace(world.role("production", "111122223333", "AdminRole", "prod"), account=account)]


async def test_an_account_that_wants_a_yes_is_asked_about_before_anything_leaves(stage, world):
    async with stage(roles=_guarded(world)) as s:
        await s.press("e")
        await s.until(lambda: isinstance(s.deck.screen, Confirm))
        await s.press("enter")
        await s.until(lambda: not isinstance(s.deck.screen, Confirm))
        assert not s.broker.obtained
        await s.press("e", "y")
        await s.until(lambda: isinstance(s.deck.screen, Export))


async def test_the_link_says_whole_why_it_will_not_work(stage, world):
    needs = replace(world.role("production", "111122223333", "AdminRole", "prod"), request=Request(external_id="x"))
    async with stage(roles=[needs], size=(80, 24)) as s:
        await s.press("c")
        await s.until(lambda: s.deck.main.toasts.texts)
        said = ["".join(text for text, _ in row).strip() for row in s.deck.main.toasts.rows(80, 0)]
        assert said[0] == "Switch-role link sent to the terminal"
        assert " ".join(said[1:]).endswith("which the console cannot send: the link will be refused.")


async def test_the_base_is_learned_from_a_role_that_needs_no_code(stage):
    async with stage() as s:
        s.broker.asks.clear()
        await s.press("enter")
        await s.until(lambda: s.deck.findings.callers.get("dev"))
        await s.sees("DevUser @ ")


def test_colours_of_the_files_become_inks_that_can_be_read():
    assert colour_ink("Teal") == "dev"
    assert colour_ink("#ff0000") == "prod"
    assert colour_ink("#00ff00") == "live"
    assert colour_ink("no colour") == colour_ink("#12") == ""


async def test_an_environments_own_colour_is_in_its_rows(stage, world):
    settings = Settings(environments={"staging": EnvironmentSettings("staging", color="blue")})
    async with stage(catalog=Catalog(settings=settings), roles=[world.role("staging", "222233334444", "Deployer", "staging")]) as s:
        assert s.store.inks == {"staging": "shared"}
        assert s.store.entry(DEPLOYER).ink == "shared"


def test_the_explorer_looks_at_the_views_that_the_files_name():
    views, regions = first_sight_of({"views": ["s3-buckets", "nonsense"], "regions": ["eu-central-1"]})
    assert [view.name for view in views] == ["s3-buckets"]
    assert regions == ("eu-central-1",)
    assert len(first_sight_of({"views": ["nonsense"]})[0]) > 10


def test_a_file_that_breaks_while_it_is_edited_leaves_what_was_read(world):
    place = Origin("/home/me/.config/roledeck/config.toml", 9)
    broken = Catalog(problems=(Problem("syntax", "This is not TOML: x. Nothing in the file is used.", place),))
    good = Catalog(roles=world.all_roles())
    kept = last_good(good, broken)
    assert kept.roles == good.roles
    assert kept.problems[0].message == "This is not TOML: x. What was read before stays in use."
    assert last_good(kept, broken).roles == good.roles
    assert last_good(kept, good).problems == ()
    assert last_good(Catalog(), broken) == broken
