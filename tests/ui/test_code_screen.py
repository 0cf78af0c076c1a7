"""The question for a code: masked, sent once, asked again after a refusal, left by esc."""

from __future__ import annotations

import time

from tui_app.ui.screens.code import CodeScreen

ADMIN, DEPLOYER = "production/AdminRole", "staging/Deployer"


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
