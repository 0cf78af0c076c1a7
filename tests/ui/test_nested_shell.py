"""The screen's own shells inside a role's shell: asked about first."""

from __future__ import annotations

import pytest

from tui_app.ui.screens.confirm import Confirm
from tui_app.ui.screens.export import Export


@pytest.mark.parametrize("key", ["s", "S"])
async def test_a_shell_inside_a_roles_shell_is_asked_about_and_an_export_is_not(stage, key):
    async with stage() as s:
        s.deck.environ["ROLEDECK_ROLE"] = "staging/ReadOnly"
        await s.press(key)
        await s.until(lambda: isinstance(s.deck.screen, Confirm))
        await s.sees("in a shell of staging/ReadOnly already")
        await s.press("enter")
        await s.until(lambda: not isinstance(s.deck.screen, Confirm))
        assert not s.broker.obtained
        await s.press("e")
        await s.until(lambda: isinstance(s.deck.screen, Export))
