"""Who may become the role: its trust policy, statement by statement, in words; or why it cannot be read from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_app.clock import clock_time
from tui_app.text import clean
from tui_app.ui.draw import BLANK, keys_row, line, paragraph, wrapped
from tui_app.ui.panes.context import Pane
from tui_app.ui.theme import Row

if TYPE_CHECKING:
    from tui_app.policy.words import StatementInWords


def trust_rows(pane: Pane) -> list[Row]:
    """The Trust tab."""
    reading = pane.findings.trusts.get(pane.entry.key)
    width = pane.width
    if ("Trust", pane.entry.key) in pane.findings.pending:
        return [line(width, [(f"  {pane.spinner} ", "accent"), ("Reading the trust policy", "muted")])]
    if reading is None:
        return [line(width, [("  Not read yet.", "bold text")]), BLANK, *keys_row(width, [(pane.key("look.reload"), "read it")], 2)]
    if reading.policy is None:
        rows = [
            line(width, [("  The trust policy cannot be read from here.", "bold text")]),
            *paragraph(width, clean(reading.why_not), "text"),
        ]
        rows += [BLANK, *keys_row(width, [(pane.key("role.assume"), "assume the role"), (pane.key("look.reload"), "try again")], 2)]
        return rows
    rows = [
        line(
            width,
            [("  Who may become ", "bold text"), (pane.entry.role, "bold text")],
            [(f"read {clock_time(reading.at, pane.now)}  ", "faint")],
        )
    ]
    for statement in reading.statements:
        rows += [BLANK, *_statement(width, statement)]
    if not reading.statements:
        rows += [BLANK, line(width, [("  It has no statement: nobody may.", "text")])]
    return rows


def _statement(width: int, statement: StatementInWords) -> list[Row]:
    deny = statement.effect.casefold() == "deny"
    rows = [line(width, [("  ✕ " if deny else "  ✓ ", "bold wrong" if deny else "bold live"), ("May not" if deny else "May", "bold text")])]
    for action in statement.actions:
        rows += _item(width, action, "text")
    rows.append(line(width, [("    who", "muted")]))
    for who in statement.who:
        rows += _item(width, who, "text")
    if statement.conditions:
        rows.append(line(width, [("    when" if deny else "    only if", "muted")]))
        for condition in statement.conditions:
            rows += _item(width, condition, "text")
    return rows


def _item(width: int, text: str, ink: str) -> list[Row]:
    lines = wrapped(clean(text), width - 8)
    return [line(width, [("      ", ""), (words, ink)]) for words in lines]
