from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tui_app.ui.commands import (
    BY_ID,
    COMMANDS,
    DEFAULT_KEYS,
    GROUPS,
    Situation,
    applies,
    commands_by_key,
    find_commands,
    keys_markdown,
)
from tui_app.ui.deeds import DEEDS
from tui_app.ui.footer import footer
from tui_app.ui.own_keys import read_keymap

ON_LIVE = Situation(role=True, state="live", live=1, written=True)


def test_every_command_has_a_deed_and_every_deed_a_command():
    assert DEEDS.keys() == BY_ID.keys()


@pytest.mark.parametrize("place", ["list", "explorer"])
def test_no_key_means_two_things(place):
    keys = [key for command in COMMANDS if command.place in (place, "both") for key in command.keys]
    assert len(keys) == len(set(keys))
    assert len(commands_by_key(DEFAULT_KEYS, place)) == len(keys)


def test_a_key_that_is_taken_in_one_place_stays_in_the_other():
    keys, complaints = read_keymap({"explore.details": "s"})
    assert keys["role.shell"] == ("s",)
    assert keys["explore.turn"] == ()
    assert "explore.turn" in " ".join(complaints)
    assert read_keymap({"app.help": "s"})[0]["role.shell"] == ()


def test_among_the_resources_only_their_commands_apply():
    now = Situation(place="explorer", part="rows", row=True)
    assert not [command.id for command in COMMANDS if applies(command, now) and command.place == "list"]
    assert {"explore.details", "explore.copy_arn"} <= {command for _, _, command in footer(now)[0]}


def test_every_command_is_in_a_group_and_in_the_readmes_table():
    table = keys_markdown()
    for command in COMMANDS:
        assert command.group in GROUPS
        assert f"`{command.id}`" in table


def test_the_readme_has_the_table_of_keys():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert keys_markdown().strip() in readme, "README.md: replace its table of keys by what tui_app.ui.commands.keys_markdown() returns"


def test_the_footer_has_only_keys_that_do_something_here():
    shown = {command for side in footer(Situation()) for _, _, command in side}
    assert "role.assume" not in shown
    assert {"app.filter", "app.help", "app.quit"} <= shown


def test_the_footer_names_what_enter_would_do():
    verbs = {command: verb for side in footer(ON_LIVE) for _, verb, command in side}
    assert verbs["role.assume"] == "open"
    again = dataclasses.replace(ON_LIVE, state="failed")
    assert {command: verb for side in footer(again) for _, verb, command in side}["role.assume"] == "try again"


def in_footer(now) -> list[str]:
    return [command for _, _, command in footer(now)[0]]


def test_the_footer_offers_marks_and_what_concerns_all_sessions_last_and_spares_them_first():
    several = dataclasses.replace(ON_LIVE, live=2)
    assert in_footer(several)[-3:] == ["role.mark", "look.matrix", "look.search"]
    least = sorted(in_footer(several), key=lambda command: BY_ID[command].spare)
    assert set(least[-3:]) == {"role.mark", "look.matrix", "look.search"}
    assert "look.matrix" not in in_footer(dataclasses.replace(ON_LIVE, live=1))


def test_the_search_across_accounts_is_offered_above_the_rows_only():
    assert "look.search" in in_footer(Situation(place="explorer", part="views"))
    assert "look.search" not in in_footer(Situation(place="explorer", part="rows", row=True))


def test_a_rebound_key_is_shown_in_the_footer():
    keys, complaints = read_keymap({"role.renew": "f5"})
    assert not complaints
    assert ("f5", "renew", "role.renew") in footer(ON_LIVE, keys)[0]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"role.asume": "f5"}, "The nearest is role.assume"),
        ({"role.renew": "no such key"}, "is no key"),
        ({"role.renew": ""}, "is no key"),
        ({"role.renew": "ctrl+ctrl+x"}, "is no key"),
        ({"role.renew": "s"}, "leaves role.shell without a key"),
    ],
)
def test_a_bad_keymap_is_reported(wanted, said):
    keys, complaints = read_keymap(wanted)
    assert said in " ".join(complaints)
    assert keys["role.assume"] == ("enter",)


def test_a_key_may_be_a_list_or_words_with_commas_as_people_write_them():
    assert read_keymap({"app.filter": "/, f3"})[0]["app.filter"] == ("slash", "f3")
    assert read_keymap({"app.help": ["?", "f1"]})[0]["app.help"] == ("question_mark", "f1")


def test_search_finds_by_words_and_by_the_key_itself():
    assert find_commands("r")[0].id == "role.renew"
    assert find_commands("copy link")[0].id == "role.link"
    assert find_commands("zzz") == []
