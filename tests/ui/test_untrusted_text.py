"""No text of ours or of strangers is ever parsed as markup, and nothing that steers a terminal reaches it."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from tests.ui.hostile_text import HOSTILE, check_harmless
from tui_app.ui.compat import NoControl, OnlyAscii

UI = Path(__file__).parents[2] / "tui_app" / "ui"
MARKUP_SITES = {
    "Static", "Label", "Button", "Checkbox", "RadioButton", "Collapsible", "Link", "Option", "OptionList", "Selection", "SelectionList",
    "Select", "Tab", "Tabs", "TabPane", "DataTable", "Tree", "RichLog", "Markdown", "Placeholder", "Tooltip", "SystemCommand", "Hit",
    "DiscoveryHit", "from_markup", "render_markup", "add_row", "add_column", "add_leaf", "add_option",
}  # fmt: skip
MARKUP_NAMES = {"border_title", "border_subtitle", "tooltip"}


def trees():
    for path in sorted(UI.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_no_widget_that_parses_markup_is_used():
    found = [f"{path.name}:{node.lineno} {name_of(node.func)}" for path, tree in trees() for node in ast.walk(tree)
             if isinstance(node, ast.Call) and name_of(node.func) in MARKUP_SITES]  # fmt: skip
    assert not found


def test_no_title_or_tooltip_that_parses_markup_is_set():
    found = [f"{path.name}:{node.lineno}" for path, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Assign)
             for target in node.targets if name_of(target) in MARKUP_NAMES]  # fmt: skip
    assert not found


def test_notify_is_always_told_not_to_parse():
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) == "notify":
                markup = next((word.value for word in node.keywords if word.arg == "markup"), None)
                assert isinstance(markup, ast.Constant), f"{path.name}:{node.lineno}"
                assert markup.value is False, f"{path.name}:{node.lineno}"


def test_exit_gets_no_text():
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) == "exit":
                assert not [word for word in node.keywords if word.arg == "message"], f"{path.name}:{node.lineno}"


def test_no_thread_worker_is_used():
    for path in sorted(UI.rglob("*.py")):
        assert "thread=True" not in path.read_text(encoding="utf-8").replace("`@work(thread=True)`", ""), path.name


@given(st.text(max_size=60))
def test_the_filter_lets_nothing_through_that_steers_a_terminal(text):
    (kept,) = NoControl().apply([Segment(text)], Color(0, 0, 0))
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 or letter in "\u202e\u2066\ufeff" for letter in kept.text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40))
def test_the_ascii_filter_leaves_only_ascii_of_the_same_width(text):
    segment = Segment(text)
    (kept,) = OnlyAscii().apply([segment], Color(0, 0, 0))
    assert kept.text.isascii()
    assert Segment(kept.text).cell_length == segment.cell_length or not segment.text.isprintable()


async def test_hostile_names_are_shown_and_do_nothing(stage, world):
    roles = [world.role(words, f"{number:012d}", f"{words}{number}", words, description=words) for number, words in enumerate(HOSTILE)]
    async with stage(roles=roles, size=(140, 60)) as s:
        tabs = ("Resources", "Chain", "Trust", "Activity")
        for number, target in enumerate(roles):
            s.select(target.key)
            await s.press("enter")
            await s.until(lambda key=target.key: s.store.live(key))
            for tab in (tabs[number % len(tabs)], "Identity"):
                s.deck.show_tab(tab)
                await s.pilot.pause()
                check_harmless(s.deck.screen._compositor.render_strips())
        await s.press("x")
        await s.sees("forget 1 session")
        check_harmless(s.deck.screen._compositor.render_strips())
        assert not s.deck._exit


def test_the_corpus_has_what_real_terminals_obey():
    assert any("\x1b]52" in words for words in HOSTILE)
    assert "\n" in "".join(HOSTILE)
