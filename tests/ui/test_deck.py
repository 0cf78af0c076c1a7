"""The screen's behaviour, driven by keys, with a broker in memory."""

from __future__ import annotations

import asyncio
import time

import pytest

from tui_app.catalog.load import Catalog
from tui_app.errors import OutOfReach, Refused, WrongIdentity
from tui_app.model import Origin, Problem

DEVELOPER, ADMIN, DEPLOYER = "production/CrossAccountDeveloperRole", "production/AdminRole", "staging/Deployer"


async def test_enter_becomes_the_role_and_the_time_runs(stage):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.sees("59:5")
        await s.sees("arn:aws:sts::111122223333:assumed-role/")
        assert "the one asked for" in s.screen


async def test_no_key_waits_for_aws(stage):
    async with stage() as s:
        s.broker.gate.clear()
        await s.press("enter")
        await s.until(lambda: DEVELOPER in s.store.work)
        await s.press("down", "down")
        assert s.store.cursor == DEPLOYER
        assert "assuming" in s.screen
        s.broker.gate.set()
        await s.until(lambda: s.store.state(DEVELOPER) == "live")


async def test_esc_cancels_what_is_under_way(stage):
    async with stage() as s:
        s.broker.gate.clear()
        await s.press("enter")
        await s.until(lambda: DEVELOPER in s.store.work)
        await s.press("escape")
        await s.until(lambda: DEVELOPER not in s.store.work)
        assert s.store.state(DEVELOPER) == "never"


async def test_a_refusal_stays_in_the_row_with_its_reason_until_the_next_try(stage):
    async with stage() as s:
        s.broker.fails[DEVELOPER] = Refused(
            "The role does not trust you.", "Ask its owner.", code="AccessDenied", aws_message="User: x is not authorized"
        )
        await s.press("enter")
        await s.sees("refused")
        assert "The role does not trust you." in s.screen
        assert "Ask its owner." in s.screen
        assert "is not authorized" in s.screen
        s.broker.fails.clear()
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        assert "refused" not in s.screen


async def test_another_identity_than_asked_for_is_an_alarm(stage):
    async with stage() as s:
        s.broker.fails[DEVELOPER] = WrongIdentity("AWS says these credentials are somebody else.", "They were thrown away.")
        await s.press("enter")
        await s.sees("alarm")
        assert s.store.live(DEVELOPER) is None


async def test_an_identity_that_does_not_match_is_shouted_in_the_pane(stage, world):
    broker = world.Broker(identity_arn="arn:aws:sts::111122223333:assumed-role/Somebody/me")
    async with stage(broker=broker) as s:
        await s.press("enter")
        await s.sees("This is not the role that was asked for.")


async def test_what_is_typed_ahead_goes_where_it_was_meant(stage):
    async with stage() as s:
        await s.press("slash", *"deployer", "enter", "enter")
        await s.until(lambda: s.store.state(DEPLOYER) == "live")
        assert s.broker.obtained == [DEPLOYER]


async def test_the_filter_keeps_its_words_and_esc_clears_them(stage):
    async with stage() as s:
        await s.press("slash", *"admin")
        await s.sees("1 of 6")
        await s.press("enter")
        assert s.store.query == "admin"
        await s.press("escape")
        assert s.store.query == ""
        await s.sees("6 in 4 accounts")


async def test_a_filter_that_finds_nothing_says_so_and_assumes_nothing(stage):
    async with stage() as s:
        await s.press("slash", *"zzz")
        await s.sees('No role matches "zzz".')
        await s.press("enter", "enter", "s", "r", "c")
        assert not s.store.work
        assert not s.broker.obtained


async def test_renew_all_renews_what_is_live_at_most_five_at_a_time(stage, world):
    roles = [world.role("a", "1", f"r{number}") for number in range(9)]
    broker = world.Broker(kept={item.key: world.session_of(item, 3000) for item in roles[:8]})
    async with stage(roles=roles, broker=broker) as s:
        await s.until(lambda: len(s.store.live_sessions()) == 8)
        broker.gate.clear()
        await s.press("R")
        await s.until(lambda: broker.at_once == 5)
        await asyncio.sleep(0.05)
        broker.gate.set()
        await s.until(lambda: len(broker.obtained) == 8)
        assert broker.most == 5
        assert roles[8].key not in broker.obtained


async def test_forget_asks_first_and_no_is_the_default(stage, world):
    broker = world.Broker()
    async with stage(broker=broker) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("x", "enter")
        await s.until(lambda: len(s.deck.screen_stack) == 1)
        assert DEVELOPER in broker.kept
        await s.press("x")
        await s.sees("forget 1 session")
        await s.press("y")
        await s.until(lambda: s.store.state(DEVELOPER) == "never")
        assert DEVELOPER not in broker.kept


async def test_marked_roles_are_renewed_together(stage):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        s.select(DEPLOYER)
        await s.press("enter")
        await s.until(lambda: s.store.state(DEPLOYER) == "live")
        s.broker.obtained.clear()
        s.select(DEVELOPER)
        await s.press("space")
        s.select(DEPLOYER)
        await s.press("space", "r")
        await s.until(lambda: sorted(s.broker.obtained) == sorted([DEVELOPER, DEPLOYER]))


async def test_what_needs_no_code_renews_itself(stage, world):
    target = world.all_roles()[0]
    broker = world.Broker(kept={target.key: world.session_of(target, 3600, now=time.time() - 3000)})
    async with stage(broker=broker) as s:
        await s.until(lambda: broker.obtained == [target.key])
        await s.until(lambda: s.store.sessions[target.key].left(time.time()) > 3000)
        assert any("renewed itself" in note.text for note in s.store.activity)


async def test_what_needs_a_code_is_asked_for_in_time_and_not_renewed_by_itself(stage, world):
    target = world.all_roles()[0]
    held = world.session_of(target, 3600, now=time.time() - 3000, renews="asks")
    broker = world.Broker(asks={target.key}, kept={target.key: held})
    async with stage(broker=broker) as s:
        await s.sees("needs a code to go on")
        assert not broker.obtained


@pytest.mark.parametrize(
    ("tab", "words"), [("Resources", "Not looked at yet"), ("Chain", "AssumeRole"), ("Trust", ""), ("Activity", "until")]
)
async def test_every_tab_can_be_reached_and_shows_something(stage, tab, words):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        s.deck.findings.tab = tab
        s.store.changed("pane")
        await s.until(lambda: words in s.screen)


async def test_resources_are_asked_for_with_the_session_and_stamped(stage, world):
    door = world.Door()
    door.answers["s3:ListBuckets"] = {"Buckets": [{"Name": "dev-assets", "CreationDate": None}]}
    door.answers["iam:ListUsers"] = Refused("Denied.", code="AccessDenied", status=403)
    async with stage(door=door) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("v")
        await s.until(lambda: s.deck.findings.sights and not s.deck.findings.sights[DEVELOPER].running)
        await s.sees("⊘ denied  iam:ListUsers")
        await s.sees("Answered to CrossAccountDeveloperRole/me")
        assert "production 111122223333" in s.screen


async def test_resources_of_another_identity_are_never_drawn(stage, world):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("v")
        await s.until(lambda: s.deck.findings.sights and not s.deck.findings.sights[DEVELOPER].running)
        await s.sees("Answered to")
        other = world.session_of(world.all_roles()[0], arn="arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/other")
        s.store.take_session(other)
        await s.until(lambda: "Answered to" not in s.screen)
        assert "readable" not in s.screen


async def test_favourites_are_kept_and_reached_by_number(stage, tmp_path):
    async with stage() as s:
        s.select(DEPLOYER)
        await s.press("f", "home", "1")
        assert s.store.cursor == DEPLOYER
        await s.until((tmp_path / ".local/state/roledeck/favourites.json").exists)
    async with stage() as s:
        assert s.store.favourites == (DEPLOYER,)


async def test_palette_and_help_run_what_is_found(stage):
    async with stage() as s:
        await s.press("colon", *"theme", "enter")
        await s.until(lambda: s.deck.look.name == "light")
        await s.press("question_mark", *"last", "enter")
        await s.until(lambda: s.store.cursor == "lonely/PowerUser")


async def test_a_person_rebinds_by_id_and_hears_of_what_is_no_use(stage):
    from tui_app.catalog.settings import Settings

    catalog = Catalog(settings=Settings(keys={"role.assume": "f5", "role.asume": "f6", "role.renew": "nonsense+"}))
    async with stage(catalog=catalog) as s:
        assert "role.asume" in " ".join(problem.message for problem in s.store.problems)
        await s.press("enter")
        assert not s.broker.obtained
        await s.press("f5")
        await s.until(lambda: s.broker.obtained == [DEVELOPER])


async def test_a_broken_config_is_named_with_its_line_and_the_rest_works(stage):
    catalog = Catalog(problems=(Problem("syntax", "This line is no setting.", Origin("/etc/roledeck.toml", 4)),))
    async with stage(catalog=catalog) as s:
        await s.sees("/etc/roledeck.toml:4 This line is no setting.")
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")


async def test_no_roles_offers_only_what_works(stage):
    async with stage(roles=[], size=(108, 32)) as s:
        await s.sees("No roles yet.")
        for words in ("Demo", "~/.aws/config", "Add a role", "By hand"):
            assert words in s.screen
        await s.press("d")
        assert s.deck.wants_demo


async def test_out_of_reach_is_a_sentence_and_nothing_is_lost(stage, world):
    async with stage() as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        s.broker.fails[DEVELOPER] = OutOfReach("STS cannot be reached.", "Check the network.")
        await s.press("r")
        await s.sees("STS cannot be reached.")
        assert s.store.state(DEVELOPER) == "live"


async def test_q_quits_at_once(stage):
    async with stage() as s:
        await s.press("q")
        await s.until(lambda: not s.deck.is_running or s.deck._exit)


async def test_a_stopped_shell_is_shown_resumed_and_asked_about_before_quitting(stage):
    from tui_app.ui.happenings import Child

    class Handle:
        def end(self):
            return 0

    async with stage() as s:
        s.store.children[DEVELOPER] = Child("subshell, process 12, stopped", s.store.clock(), stopped=True, handle=Handle())
        s.store.changed("states")
        await s.sees("stopped")
        await s.sees("resume shell")
        await s.press("q")
        await s.sees("quit and end 1 shell")
        await s.press("escape")
        assert not s.deck._exit


async def test_ten_thousand_roles_are_as_quick_as_ten(stage, world):
    roles = [
        world.role(f"account-{number % 977}", f"{number:012d}", f"Role{number}", "prod" if number % 3 else "dev")
        for number in range(10_000)
    ]
    async with stage(roles=roles) as s:
        await s.press("G")
        assert s.store.cursor == roles[9999].key
        await s.press("slash", *"role77")
        await s.until(lambda: 0 < s.store.shown < 200)
        assert len(s.deck.main.roles.lines) < 300
