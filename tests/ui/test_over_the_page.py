"""What lies over the page, and what is said under it: messages, screens that end below others, keys of the filter, faults of the files."""

from __future__ import annotations

from dataclasses import replace

from tui_app.catalog.load import Catalog
from tui_app.model import Origin, Problem
from tui_app.ui.screens.first_run import FirstRun
from tui_app.ui.screens.help import Help
from tui_app.ui.screens.new_sign_in import NewSignIn


async def test_a_message_is_seen_over_a_modal_too(stage):
    async with stage(size=(80, 24)) as s:
        await s.press("question_mark")
        await s.until(lambda: isinstance(s.deck.screen, Help))
        s.deck.toast("Something [b]ended[/b]")
        await s.sees("Something [b]ended[/b]")
        await s.press("escape")
        await s.until(lambda: s.deck.screen is s.deck.main)
        await s.sees("Something [b]ended[/b]")


async def test_the_first_page_goes_from_under_what_lies_over_it(stage, world):
    async with stage(roles=[]) as s:
        await s.until(lambda: isinstance(s.deck.screen, FirstRun))
        await s.press("s")
        await s.until(lambda: isinstance(s.deck.screen, NewSignIn))
        found = Catalog(roles=world.all_roles())
        s.deck.backstage = replace(s.deck.backstage, load=lambda: replace(s.deck.loaded, catalog=found))
        s.deck.reload()
        await s.until(lambda: len(s.deck.screen_stack) == 2)
        assert isinstance(s.deck.screen, NewSignIn)
        await s.press("escape")
        await s.until(lambda: s.deck.screen is s.deck.main)
        await s.sees("CrossAccountDeveloperRole")


async def test_while_the_filter_is_typed_the_footer_names_its_own_keys(stage):
    async with stage() as s:
        await s.press("slash")
        await s.sees("enter to the list   esc show all")
        await s.sees("any words, or env:prod role:admin")
        assert "renew" not in s.screen.splitlines()[-1]
        await s.press(*"dep")
        assert "any words" not in s.screen
        await s.press("enter")
        await s.sees("enter assume")


async def test_several_faults_of_the_files_are_counted_and_all_stand_in_activity(stage, world):
    faults = tuple(
        Problem("unknown_key", f"Fault {number}. " + "It is long. " * 20, Origin("/x/config.toml", number)) for number in range(1, 4)
    )
    async with stage(size=(80, 24), roles=world.all_roles(), catalog=Catalog(problems=faults)) as s:
        await s.sees("/x/config.toml:1 Fault 1.")
        await s.sees("2 more in Activity")
        assert [note for note in s.store.activity if "Fault 3." in note.text]
