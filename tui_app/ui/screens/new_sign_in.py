"""A start page that no file names: its URL and region are typed, a person signs in there, and only then it is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events

from tui_app import paths
from tui_app.catalog.new_sign_in import ASKED, Asked, shown, sign_ins_file, suggested_name, tidy_start_url, wrong
from tui_app.model import SsoSession
from tui_app.text import clean, front
from tui_app.ui.draw import BLANK, GAP, LABEL, line, on_ground, paragraph
from tui_app.ui.form_rows import toml_rows, typed_parts
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.paper import TextField

WHERE = "URL and region stand on the start page, under Access keys of any account. Its roles are listed then."
WHEN = ", once you are in"
_BEGINNING = "https://"


class NewSignIn(Modal[None]):
    """The form. `known` are the sign-ins of the files; enter hands what was typed to `sign_in`, which comes back by `fail` or ends it."""

    def __init__(self, known: Mapping[str, SsoSession], sign_in: Callable[[NewSignIn, SsoSession], None]) -> None:
        super().__init__()
        self.fields: Mapping[str, TextField] = {asked.name: TextField() for asked in ASKED}
        self.at = 0
        self._known = known
        self._sign_in = sign_in
        self._tried = False
        self.problem = ""

    def answers(self) -> dict[str, str]:
        """What was typed, tidied; the page's own name where none was given."""
        page = tidy_start_url(self.fields["start_url"].text)
        name = self.fields["name"].text.strip() or suggested_name(page)
        return {"start_url": page, "region": self.fields["region"].text.strip(), "name": name}

    def complaint(self, asked: Asked) -> str:
        """Why it cannot stay so; nothing while it is only begun."""
        text = self.answers()[asked.name]
        if not self._tried and (not text or _BEGINNING.startswith(text)):
            return ""
        return wrong(asked.name, text, self._known)

    def fail(self, problem: str) -> None:
        """It could not be written."""
        self.problem = problem
        self.draw()

    def pressed(self, event: events.Key) -> None:
        """Move between fields, edit, sign in."""
        self.problem = ""
        if event.key in ("down", "tab"):
            self.at = min(len(ASKED) - 1, self.at + 1)
        elif event.key in ("up", "shift+tab"):
            self.at = max(0, self.at - 1)
        elif event.key == "enter":
            self._enter()
        else:
            self.fields[ASKED[self.at].name].key(event)
        self.draw()

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the field."""
        event.stop()
        self.fields[ASKED[self.at].name].insert(event.text.strip())
        self.draw()

    def _enter(self) -> None:
        self._tried = True
        faults = [number for number, asked in enumerate(ASKED) if self.complaint(asked)]
        if faults:
            self.at = faults[0]
            return
        self._tried = False
        answers = self.answers()
        self._sign_in(self, SsoSession(answers["name"], answers["start_url"], answers["region"]))

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, where to find the answers, the fields, what will be written, keys."""
        rows = [BLANK, line(width, [("  Sign in to IAM Identity Center", "bold text")]), BLANK, *paragraph(width, WHERE, "muted"), BLANK]
        for number, asked in enumerate(ASKED):
            rows += self._field(width, asked, here=number == self.at)
        file = front(clean(paths.shown(sign_ins_file(self.deck.environ), self.deck.environ)), width - 6 - len(WHEN))
        rows += [BLANK, *self._preview(width), line(width, [("  → ", "faint"), (file + WHEN, "faint")])]
        if self.problem:
            rows += [BLANK, *paragraph(width, clean(self.problem), "wrong", lead=("✕ ", "bold wrong"))]
        return [*rows, BLANK, caps_row(width, [("enter", "sign in"), ("↑ ↓", "fields")], [("esc", "cancel")]), BLANK]

    def _field(self, width: int, asked: Asked, *, here: bool) -> list[Row]:
        text, room = self.fields[asked.name].text, width - LABEL - 4
        label: Part = (f"  {asked.label:<{LABEL}}", "bold text" if here else "muted")
        suggested = self.answers()["name"] if asked.name == "name" and not text else ""
        if here:
            value = typed_parts(self.fields[asked.name], room, suggested or asked.hint)
        elif text:
            value = [(clean(text), "text")]
        else:
            value = [(suggested, "muted")] if suggested else [("needed", "faint")]
        rows = [line(width, [label, *value])]
        complaint = self.complaint(asked)
        return [*rows, *paragraph(width, complaint, "wrong", margin=LABEL + 2, lead=("✕ ", "bold wrong"))] if complaint else rows

    def _preview(self, width: int) -> list[Row]:
        """What will be written, on a ground of its own."""
        texts = shown({name: text or "…" for name, text in self.answers().items()}).split("\n")
        inner = [row for text in texts for row in toml_rows(text, width - 8)]
        return [(GAP, *on_ground(line(width - 4, [GAP, *row]), "ground"), GAP) for row in inner]
