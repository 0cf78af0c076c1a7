"""Adding a role: each field is checked as it is typed, and what would be written stands beside it."""

from __future__ import annotations

from textual import events

from tui_app import paths
from tui_app.catalog.adding import FIELDS, Field, Known, added_file, already, keep
from tui_app.catalog.load import Catalog, load_catalog
from tui_app.model import Role
from tui_app.text import clean
from tui_app.ui.adding import Form
from tui_app.ui.bands import band
from tui_app.ui.draw import BLANK, GAP, clip, fit, line, on_ground, paragraph
from tui_app.ui.form_rows import toml_rows, typed_parts
from tui_app.ui.jobs import Job, Outcome
from tui_app.ui.listing import Entry
from tui_app.ui.screens.confirm import Question, ask
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Part, Row

WIDE = 100
"""From here on the preview stands beside the fields."""
LABEL = 19
FIELDS_WIDE = 58
APART = ("external_id", "regions", "color")
"""Where there is room, an empty row stands above these."""
MASK = "●"


class AddRole(Modal[None]):
    """The form; enter writes what is good, esc leaves."""

    width = 112

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self.form = Form(catalog)
        self._writing = False
        self._problem = ""

    def pressed(self, event: events.Key) -> None:
        """Move between fields, complete, edit, write."""
        form, self._problem = self.form, ""
        if self._writing:
            return
        if event.key in ("down", "tab"):
            form.move(1)
        elif event.key in ("up", "shift+tab"):
            form.move(-1)
        elif event.key == "enter":
            self._write()
        elif event.key not in ("right", "end", "ctrl+e") or not form.take_suggestion():
            form.fields[form.field.name].key(event)
        self.draw()

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the field; line ends are no part of any."""
        event.stop()
        self.form.fields[self.form.field.name].insert(event.text.strip())
        self.draw()

    def leave(self) -> None:
        """Esc; what was typed is not lost by one key."""
        if not self.form.typed:
            self.dismiss(None)
            return
        question = Question("", "Leave the form", ("What was typed is not written.",), "leave it", no="go on")
        ask(self.deck, question, self._gone)

    def _gone(self) -> None:
        self.dismiss(None)

    def _write(self) -> None:
        faults = self.form.faults()
        if faults:
            self.form.at = FIELDS.index(faults[0])
            return
        self._writing = True
        answers, environ = self.form.answers(), self.deck.environ

        def work(_: Job) -> Role | None:
            keep(environ, answers)
            return already(Known(load_catalog(environ)), answers)

        self.deck.jobs.start("add a role", work, self._written)

    def _written(self, outcome: Outcome[Role | None]) -> None:
        deck, role = self.deck, outcome.value
        self._writing = False
        if outcome.error is not None:
            self._problem = outcome.error.sentence()
            self.draw()
            return
        if role is not None:
            deck.main.head.clear()
            deck.store.move_to(role.key)
            deck.store.note(f"Added {role.key} to {paths.shown(added_file(deck.environ), deck.environ)}", role.key)
        deck.reload()
        self.dismiss(None)

    def sheet_rows(self, width: int) -> list[Row]:
        """Band, heading, fields and preview, keys; always as high, so that nothing jumps while one types."""
        room = max(8, min(self.app.size.height, 29) - 7)
        rows = [band(width, self._entry(), None), BLANK, self._heading(width)]
        if width >= WIDE:
            above, fields = self._fields(FIELDS_WIDE, room)
            preview = self._preview(width - FIELDS_WIDE - 2, room)
            rows += [above, *((*left, *right) for left, right in zip(fields, preview, strict=True))]
        else:
            below = max(3, min(7, room - 9))
            above, fields = self._fields(width, room - below - 1)
            rows += [above, *fields, BLANK]
            rows += [(GAP, *row) for row in self._preview(width - 4, below)]
        if self._problem:
            rows += [BLANK, *paragraph(width, clean(self._problem), "wrong", lead=("✕ ", "bold wrong"))[:2]]
        keys = [("enter", "writing" if self._writing else "write it"), ("↑ ↓", "fields")]
        keys += [("→", "complete")] if self.form.suggestions() else []
        return [*rows, BLANK, caps_row(width, keys, [("esc", "leave")]), BLANK]

    def _entry(self) -> Entry:
        answers = self.form.answers()
        number, name = str(answers.get("account", "")), str(answers.get("name") or self.form.account.label)
        shown = name or number or "account"
        environment = str(answers.get("environment") or self.form.account.environment)
        return Entry("", clean(shown), number if name else "", clean(answers.get("role", "role")), "", clean(environment))

    def _heading(self, width: int) -> Row:
        file = clean(paths.shown(added_file(self.deck.environ), self.deck.environ))
        return line(width, [("  Add a role", "bold text")], [(fit(file, min(len(file), width - 18), cut="middle"), "faint"), GAP])

    def _fields(self, width: int, room: int) -> tuple[Row, list[Row]]:
        """As many rows as there is room for, the field that is typed among them with what is said about it; before them what is above."""
        doubts, blocks = self.form.remarks(), []
        for number, field in enumerate(FIELDS):
            blocks.append(self._field(width, field, number == self.form.at, doubts.get(field.name, "")))
        if sum(map(len, blocks)) + len(APART) <= room:
            blocks = [[line(width, []), *block] if field.name in APART else block for field, block in zip(FIELDS, blocks, strict=True)]
        top = 0
        while top < self.form.at and sum(map(len, blocks[top : self.form.at + 1])) + (self.form.at + 1 < len(FIELDS)) > room:
            top += 1
        rows = [row for block in blocks[top:] for row in block]
        if len(rows) > room:
            left = len(FIELDS) - top - sum(1 for at in range(top, len(FIELDS)) if sum(map(len, blocks[top : at + 1])) < room)
            rows = [*rows[: room - 1], line(width, [], [(f"↓ {left} more  ", "faint")])]
        above = line(width, [], [(f"↑ {top} more  ", "faint")]) if top else BLANK
        return above, [*rows, *[line(width, [])] * (room - len(rows))]

    def _field(self, width: int, field: Field, here: bool, doubt: str) -> list[Row]:  # noqa: FBT001 - drawn for one of many
        text = self.form.fields[field.name].text
        label: Part = (f"  {fit(field.label, LABEL - 2)}", "bold text" if here else "muted")
        mask = MASK if field.name == "external_id" else ""
        room = width - LABEL - 2
        value = typed_parts(self.form.fields[field.name], room, field.hint, mask) if here else self._quiet(field, text, room)
        rows = [line(width, [label, *value])]
        complaint = self.form.complaint(field)
        if complaint:
            rows += paragraph(width, complaint, "wrong", margin=LABEL, lead=("✕ ", "bold wrong"))
        elif doubt and not (here and self.form.suggestions()):
            rows += paragraph(width, doubt, "soon", margin=LABEL, lead=("◐ ", "bold soon"))
        if here and (offers := self.form.suggestions()):
            parts: list[Part] = [(" " * LABEL, ""), ("→ ", "bold accent"), (clean(offers[0]), "muted")]
            parts += [part for offer in offers[1:] for part in (("   ", ""), (clean(offer), "faint"))]
            rows.append(line(width, clip(parts, width - 2)))
        return rows

    def _quiet(self, field: Field, text: str, room: int) -> list[Part]:
        if not text:
            known = clean(self.form.known(field))
            return [(known, "muted"), ("  known" if known else "needed" if field.needed else "", "faint")]
        return [(fit(MASK * len(text) if field.name == "external_id" else clean(text), room, cut="middle").rstrip(), "text")]

    def _preview(self, width: int, room: int) -> list[Row]:
        """What would be written, on a ground of its own."""
        rows = [row for text in self.form.preview().split("\n") for row in toml_rows(text, width - 4)]
        if len(rows) > room:
            rows = [row for row in rows if row[0][0]]
        if len(rows) > room:
            # what is typed now is likely to stand near the end
            rows = [(("…", "faint"),), *rows[len(rows) - room + 1 :]]
        rows += [()] * (room - len(rows))
        return [tuple(on_ground(line(width, [GAP, *row]), "ground")) for row in rows]
