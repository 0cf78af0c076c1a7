"""A session that is another one after it was renewed, as where a session's name holds the time: what was shown stays whose it is, and
a reload shows what the session of now sees."""

from __future__ import annotations

import pytest

from tests.ui.exploring import BUCKETS, DEVELOPER, Door, explore
from tui_app.ui.deeds.obtaining import obtain

OTHER = "arn:aws:sts::111122223333:assumed-role/CrossAccountDeveloperRole/me-at-noon"
THEIRS = {"Name": "seen-at-noon"}


async def renew_as_another(s):
    """Behind the screen's back, as its own renewing thread or another terminal does."""
    s.broker.identity_arn = OTHER
    s.door.answers["s3:ListBuckets"] = {"Buckets": [THEIRS]}
    obtain(s.deck, DEVELOPER, fresh=True)
    await s.until(lambda: s.store.live(DEVELOPER).identity.arn == OTHER)


@pytest.mark.parametrize("part", ["views", "rows"])
async def test_a_reload_shows_what_the_session_of_now_sees(stage, part, monkeypatch):
    async with stage(door=Door(s3__ListBuckets={"Buckets": BUCKETS})) as s:
        screen = await explore(s, "s3-buckets")
        await s.sees("prod-data")
        if part == "views":
            await s.press("escape")
        await renew_as_another(s)
        assert "prod-data" in s.screen
        assert "Answered to CrossAccountDeveloperRole/me " in s.screen

        told = []
        said = s.deck.toast
        monkeypatch.setattr(s.deck, "toast", lambda text, **how: told.append(text) or said(text, **how))
        await s.press("ctrl+r")

        await s.sees("seen-at-noon")
        await s.sees("Answered to CrossAccountDeveloperRole/me-at-noon")
        assert "prod-data" not in s.screen
        assert s.deck.explorer is not screen
        assert s.deck.explorer.part == part
        assert s.deck.explorer.views.view.name == "s3-buckets"
        assert told == [f"This is what {OTHER} sees, as the session is another one now."]
        await s.press(*["escape"] * (2 if part == "rows" else 1))
        await s.until(lambda: s.deck.screen is s.deck.main)
