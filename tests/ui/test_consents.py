"""A program of the files is shown whole before it is run; the default is no, and leaving leaves nothing waiting."""

from __future__ import annotations

from tui_app.model import Origin
from tui_app.sessions.consent import Program
from tui_app.ui.screens.confirm import Confirm

ADMIN = "production/AdminRole"
ARGV = ("/opt/tools/print keys", "--profile", "[b]dev[/b]\x1b]52;c;x")


def with_programs(world, *keys: str):
    program = Program("credential_process", ARGV, "dev", Origin("/home/me/.aws/config", 12))
    return world.Broker(programs=dict.fromkeys(keys, program))


def asked(s) -> bool:
    return isinstance(s.deck.screen, Confirm)


async def test_a_program_is_shown_and_run_after_a_yes(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        await s.sees("Run this program?")
        seen = s.screen
        assert "'/opt/tools/print keys' --profile" in seen
        assert "[b]dev[/b]" in seen
        assert "/home/me/.aws/config:12" in seen
        assert "\x1b" not in seen
        assert s.broker.obtained == []
        await s.press("y")
        await s.until(lambda: s.store.state(ADMIN) == "live")
        assert not asked(s)


async def test_no_is_the_default_and_frees_the_row(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        for key in ("enter", "escape", "n"):
            await s.press("enter")
            await s.until(lambda: asked(s))
            await s.press(key)
            await s.until(lambda: ADMIN not in s.store.work)
            assert not asked(s)
        assert s.broker.obtained == []
        assert s.store.state(ADMIN) == "never"


async def test_the_row_says_that_it_waits_for_a_person(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        assert s.store.work[ADMIN].word == "allow?"


async def test_a_job_that_ends_takes_its_question_away(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        s.store.work[ADMIN].job.cancel()
        await s.until(lambda: not asked(s))
        await s.until(lambda: ADMIN not in s.store.work)
        assert s.broker.obtained == []


async def test_leaving_the_screen_leaves_nobody_waiting(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        job = s.store.work[ADMIN].job
    assert job.ended.wait(5)


async def test_two_roles_with_programs_are_asked_about_one_after_the_other(stage, world):
    other = "staging/Deployer"
    async with stage(broker=with_programs(world, ADMIN, other)) as s:
        for key in (ADMIN, other):
            s.store.toggle_mark(key)
        await s.press("R")
        await s.until(lambda: sum(isinstance(screen, Confirm) for screen in s.deck.screen_stack) == 2)
        await s.press("y")
        await s.until(lambda: len(s.broker.obtained) == 1)
        await s.press("y")
        await s.until(lambda: len(s.broker.obtained) == 2)


async def test_what_is_being_typed_elsewhere_is_no_yes(stage, world, monkeypatch):
    monkeypatch.setattr("tui_app.ui.screens.modal.HASTE", 600.0)
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        await s.press(*"payments", "enter")
        assert asked(s)
        monkeypatch.setattr("tui_app.ui.screens.modal.HASTE", 0.0)
        await s.press("y")
        await s.until(lambda: s.broker.obtained == [ADMIN])


async def test_a_long_program_is_agreed_to_only_after_its_end_was_seen(stage, world):
    argv = ("/opt/tools/keys", *(f"--option-{number:03}" for number in range(130)), "--the-end")
    broker = world.Broker(programs={ADMIN: Program("credential_process", argv, "dev", None)})
    async with stage(broker=broker, size=(80, 24)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        await s.sees("read on")
        await s.press("y")
        assert asked(s)
        assert s.broker.obtained == []
        await s.press(*["down"] * 40)
        await s.sees("--the-end")
        await s.sees("y run it")
        await s.press("y")
        await s.until(lambda: s.broker.obtained == [ADMIN])


async def test_a_question_that_others_lie_over_is_taken_away_alone(stage, world):
    async with stage(broker=with_programs(world, ADMIN)) as s:
        s.select(ADMIN)
        await s.press("enter")
        await s.until(lambda: asked(s))
        s.deck.run_command("app.help")
        await s.until(lambda: not asked(s))
        over = s.deck.screen
        s.store.work[ADMIN].job.cancel()
        await s.until(lambda: ADMIN not in s.store.work)
        await s.until(lambda: len(s.deck.screen_stack) == 2)
        assert s.deck.screen is over
        await s.press("escape")
        await s.until(lambda: s.deck.screen is s.deck.main)
