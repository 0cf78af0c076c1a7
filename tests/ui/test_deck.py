"""The screen's behaviour, driven by keys, with a broker in memory."""

from __future__ import annotations

import asyncio
import time

import pytest

from tui_app.catalog.load import Catalog
from tui_app.errors import OutOfReach, Refused, WrongIdentity
from tui_app.model import Origin, Problem
from tui_app.ui.screens.code import CodeScreen
from tui_app.ui.theme import Look

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


async def test_the_code_is_masked_and_sent_once(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code of mfa/DevUser")
        for fact in (
            "development",
            "444455556666",
            "sts:GetSessionToken",
            "for 8h",
            "One code serves every role.",
            "4 roles",
            "External id",
            "none",
        ):
            assert fact in s.screen
        await s.press(*"123456")
        await s.until(lambda: s.screen.count("●") == 6)
        assert "123456" not in s.screen
        await s.press("enter")
        await s.until(lambda: s.store.state(ADMIN) == "live")
        assert not isinstance(s.deck.screen, CodeScreen)
        assert s.broker.codes == ["123456"]


async def test_only_digits_are_taken_and_a_short_code_is_not_sent(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code")
        await s.press(*"1a2b-3", "enter")
        await s.sees("A code has six digits.")
        assert not s.broker.codes
        await s.press("ctrl+u", *"123456", "enter")
        await s.until(lambda: s.broker.codes == ["123456"])


async def test_a_refused_code_keeps_the_modal_and_says_what_aws_said(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code")
        await s.press(*"999999", "enter")
        await s.sees("MultiFactorAuthentication failed")
        assert s.screen.count("●") == 0
        await s.press(*"123456", "enter")
        await s.until(lambda: s.store.state(ADMIN) == "live")


async def test_a_spent_code_closes_the_field_until_the_next_one(stage, world):
    broker = world.Broker(asks={ADMIN}, not_before=time.time() + 20)
    async with stage(broker=broker) as s:
        await s.press("down", "enter")
        await s.sees("Next code in")
        await s.press(*"123456", "enter")
        assert not broker.codes
        assert "enter send" not in s.screen
        s.deck.screen.request = type(s.deck.screen.request)(**{**_fields(s.deck.screen.request), "not_before": 0.0})
        await s.sees("This code is good for another")
        await s.press(*"123456", "enter")
        await s.until(lambda: broker.codes == ["123456"])


def _fields(request):
    return {name: getattr(request, name) for name in request.__slots__}


async def test_esc_leaves_the_code_and_the_role_is_as_it_was(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code")
        await s.press("escape")
        await s.until(lambda: ADMIN not in s.store.work)
        assert not isinstance(s.deck.screen, CodeScreen)
        assert s.store.state(ADMIN) == "never"


async def test_a_pasted_code_is_taken(stage, world):
    from textual import events

    async with stage(broker=world.Broker(asks={ADMIN})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code")
        s.deck.screen.post_message(events.Paste("123 456\n"))
        await s.until(lambda: s.screen.count("●") == 6)


async def test_the_demo_shows_its_own_authenticator(stage, world, demo):
    async with stage(broker=world.Broker(asks={ADMIN}), demo=demo) as s:
        await s.press("down", "enter")
        await s.sees("Demo authenticator")
        assert "123456" in s.screen
        assert "17s" in s.screen


async def test_a_second_question_waits_for_the_first(stage, world):
    async with stage(broker=world.Broker(asks={ADMIN, DEPLOYER})) as s:
        await s.press("down", "enter")
        await s.sees("Enter the code")
        s.select(DEPLOYER)
        from tui_app.ui.deeds.sessions import obtain

        obtain(s.deck, DEPLOYER)
        await s.until(lambda: len(s.deck.codes._waiting) == 1)
        assert sum(isinstance(screen, CodeScreen) for screen in s.deck.screen_stack) == 1
        await s.press(*"123456", "enter")
        await s.until(lambda: s.store.state(ADMIN) == "live" and s.deck.codes.open is not None)
        await s.press(*"123456", "enter")
        await s.until(lambda: s.store.state(DEPLOYER) == "live")


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


async def test_narrow_terminals_lay_the_pane_over_the_list(stage):
    async with stage(size=(80, 24)) as s:
        assert "Identity" not in s.screen
        await s.press("tab")
        await s.sees("Identity")
        assert "Deployer" not in s.screen
        await s.press("escape")
        await s.sees("Deployer")


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (47, 24), (80, 11)])
async def test_a_terminal_too_small_gets_one_sentence(stage, size):
    async with stage(size=size) as s:
        words = " ".join(s.screen.split())
        assert words.startswith("Terminal" if size[0] > 8 else "…")
        await s.press("enter")
        assert not s.store.work


async def test_growing_again_brings_everything_back(stage):
    async with stage(size=(20, 5)) as s:
        await s.pilot.resize_terminal(140, 40)
        await s.sees("CrossAccountDeveloperRole")


@pytest.mark.parametrize(("size", "look"), [((48, 12), "dark"), ((80, 24), "plain"), ((100, 30), "light"), ((300, 100), "dark")])
async def test_every_size_and_look_draws(stage, size, look):
    async with stage(size=size, look=Look(look)) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        await s.press("question_mark", "escape", "colon", "escape", "tab")
        await s.sees("roledeck")
        assert "CrossAccountDeveloperRole" in s.screen


async def test_ascii_terminals_get_only_ascii(stage):
    async with stage(look=Look("plain", ascii_only=True)) as s:
        await s.press("enter")
        await s.until(lambda: s.store.state(DEVELOPER) == "live")
        from textual.strip import Strip

        strips = s.deck.screen._compositor.render_strips()
        filtered = [Strip(line).apply_filter(s.deck._filters[-1], s.deck.screen.background_colors[0]) for line in strips]
        assert all(segment.text.isascii() for line in filtered for segment in line)


async def test_a_mouse_selects_opens_and_presses(stage):
    async with stage() as s:
        at = next(number for number, line in enumerate(s.screen.splitlines()) if "Deployer" in line)
        await s.pilot.click(offset=(20, at))
        await s.until(lambda: s.store.cursor == DEPLOYER)
        await s.pilot.click(offset=(20, at), times=2)
        await s.until(lambda: s.store.state(DEPLOYER) == "live")
        tab = next(text.index("Chain") for text in s.screen.splitlines() if "Chain" in text)
        row = next(number for number, text in enumerate(s.screen.splitlines()) if "Chain" in text)
        await s.pilot.click(offset=(tab, row))
        await s.until(lambda: s.deck.findings.tab == "Chain")


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
