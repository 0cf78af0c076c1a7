"""How sessions are kept is told on the screen, once."""

from __future__ import annotations

from tui_app.errors import ConfigUnusable

MEMORY = "Sessions are kept in memory only: the disk is full."


async def test_a_disk_that_cannot_be_written_is_told_once_and_the_session_is_there(stage):
    async with stage() as s:
        s.broker.warnings.append(MEMORY)
        await s.press("enter")
        await s.sees("in memory only")
        await s.press("r")
        await s.until(lambda: len(s.broker.obtained) == 2 and not s.store.work)
        assert [note.text for note in s.store.activity].count(MEMORY) == 1


async def test_a_keyring_that_cannot_be_used_is_told_at_the_start(stage, world):
    class Locked(world.Broker):
        def mfa_sessions(self):
            raise ConfigUnusable("Sessions are to be kept with a key in the keyring, but it is locked.", "Unlock it.")

    async with stage(broker=Locked()) as s:
        await s.until(lambda: any("it is locked. Unlock it." in note.text for note in s.store.activity))
        await s.sees("CrossAccountDeveloperRole")
