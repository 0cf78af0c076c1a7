"""A profile of `aws login` on the screen: entered like any role, and what is said where a person must sign in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_app.aws.door import AwsDoor
from tui_app.catalog.load import load_catalog
from tui_app.catalog.login_sessions import token_file
from tui_app.sessions.broker import Broker
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.roledeck import Roledeck

USER = "arn:aws:iam::444455556666:user/DevUser"


def sign_in(aws, environ):
    file = Path(token_file(USER, environ))
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(aws.control("POST", "login", {"login_session": USER})))


@pytest.fixture
def profile(environ):
    with Path(environ["AWS_CONFIG_FILE"]).open("a", encoding="utf-8") as config:
        config.write(f"\n[profile console]\nlogin_session = {USER}\n")


async def test_enter_uses_the_sign_in_and_without_one_says_how_to_sign_in(aws, environ, profile, until, text_of):
    def load():
        catalog, door = load_catalog(environ), AwsDoor(aws.url)
        return Loaded(catalog, Broker(catalog, environ, door), door)

    deck = Roledeck(Backstage(environ, load))
    async with deck.run_test(size=(140, 40), notifications=True) as pilot:
        await until(pilot, lambda: deck.store.loaded)
        deck.store.move_to("console")
        await pilot.press("enter")
        await until(pilot, lambda: deck.store.state("console") == "failed")
        await until(pilot, lambda: "aws login --profile console" in " ".join(text_of(deck).split()))
        assert "sign in" in text_of(deck)
        sign_in(aws, environ)
        await pilot.press("enter")
        await until(pilot, lambda: deck.store.state("console") in {"live", "expiring"})
        assert deck.store.sessions["console"].identity.arn == USER
        await pilot.press("t")
        await until(pilot, lambda: "Only roles have one" in text_of(deck))
        await pilot.press("tab", "left")
        await until(pilot, lambda: "CreateOAuth2Token" in text_of(deck))
