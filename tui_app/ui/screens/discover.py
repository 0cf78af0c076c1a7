"""Looking for roles at a start page: how far it is, then what is new, changed and gone, and nothing is written before enter."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING

from textual import events

from tui_app import paths
from tui_app.text import clean, front, plural
from tui_app.ui.draw import BLANK, GAP, bar, line, paragraph
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.discovery.difference import Change, Difference
    from tui_app.errors import RoledeckError
    from tui_app.model import SsoSession
    from tui_app.ui.jobs import Job

_SIGNS = {"new": ("+ ", "bold text"), "changed": ("~ ", "bold text"), "gone": ("- ", "bold muted")}
_AROUND = 13
"""Rows of the terminal that the list leaves to heading, counts and keys."""
_LEAST = 3
_MOVES = {"down": 1, "j": 1, "up": -1, "k": -1}
_FAR = 10**6


class Discover(Modal[bool]):
    """One look at a start page. `ask` starts the job that asks AWS, `write` the one that writes what is shown, if anything is."""

    width = 76

    def __init__(
        self,
        heading: str,
        sign_in: SsoSession,
        ask: Callable[[Discover], Job],
        write: Callable[[Discover, Difference], Job] | None = None,
    ) -> None:
        super().__init__()
        self.heading = heading
        self.sign_in = sign_in
        self._ask = ask
        self._write = write
        self._job: Job | None = None
        self._done, self._total = 0, 0
        self._problem: RoledeckError | None = None
        self.found: Difference | None = None
        self._writing = False
        self._top = 0

    def on_mount(self) -> None:
        """Ask AWS; not where esc was quicker."""
        super().on_mount()
        self.set_interval(0.125, self._move)
        if self in self.app.screen_stack:
            self.start()

    def start(self) -> None:
        """Ask, or ask again."""
        self._problem = self.found = None
        self._done = self._total = self._top = 0
        self._writing = False
        self._job = self._ask(self)
        self.draw()

    def is_about(self, job: Job) -> bool:
        """Whether it still waits for that job."""
        return self._job is job

    def tell(self, done: int, total: int) -> None:
        """How far it is."""
        self._done, self._total = done, total
        self.draw()

    def show(self, found: Difference) -> None:
        """What writing would change."""
        self.found = found
        self.came_up()
        self.draw()

    def fail(self, problem: RoledeckError) -> None:
        """It did not work; the person may try again."""
        self._problem, self._writing = problem, False
        self.draw()

    def leave(self) -> None:
        """Esc cancels; what is being written is written."""
        if self._job and not self._writing:
            self._job.cancel()
        self.dismiss(None)

    def pressed(self, event: events.Key) -> None:
        """Write, try again, or move through the list."""
        if self._problem is not None:
            if event.key == "enter":
                self.start()
        elif self.found is not None and not self._writing:
            if event.key == "enter":
                if not self.too_soon():
                    self._enter(self.found)
            else:
                self._scroll(event.key)
        self.draw()

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, then what there is to see now."""
        rows = [BLANK, line(width, [(f"  {self.heading} {clean(self.sign_in.key, 128)}", "bold text")]), BLANK]
        if self._problem is not None:
            rows += paragraph(width, clean(self._problem.message), "wrong", lead=("✕ ", "bold wrong"))
            rows += paragraph(width, clean(self._problem.next_step), "muted", margin=4) if self._problem.next_step else []
            return [*rows, BLANK, caps_row(width, [("enter", "try again"), ("esc", "close")]), BLANK]
        if self.found is None:
            return [*rows, *self._asking(width)]
        return [*rows, *self._difference(width, self.found)]

    def _asking(self, width: int) -> list[Row]:
        share = self._done / self._total if self._total else 0.0
        far: list[Part] = [(f"{self._done} of {plural(self._total, 'account')}", "bold text"), GAP] if self._total else []
        words: list[Part] = [(f"  {self.deck.spin()} ", "bold accent"), ("Asking which roles there are", "muted")]
        return [
            line(width, [GAP, *bar(width - 4, share, "accent")]),
            line(width, words, far),
            BLANK,
            caps_row(width, [("esc", "cancel")]),
            BLANK,
        ]

    def _difference(self, width: int, found: Difference) -> list[Row]:
        listed = self._listed(width, found)
        room = self._room()
        self._top = max(0, min(self._top, len(listed) - room))
        rows = listed[self._top : self._top + room]
        below = len(listed) - self._top - room
        if below > 0:
            rows.append(line(width, [], [(f"↓ {below} more  ", "faint")]))
        elif self._top:
            rows.append(line(width, [], [(f"↑ {self._top} more  ", "faint")]))
        rows += [BLANK] if rows else []
        rows.append(line(width, [(f"  {_sentence(found)}", "bold text")]))
        if found.changes:
            rows.append(line(width, [("  → ", "faint"), (front(clean(paths.shown(found.path, self.deck.environ)), width - 6), "faint")]))
        return [*rows, BLANK, caps_row(width, self._keys(found, scrolls=len(listed) > room)), BLANK]

    def _keys(self, found: Difference, *, scrolls: bool) -> list[tuple[str, str]]:
        if self._writing:
            return [("esc", "close")]
        moves = [("↑ ↓", "scroll")] if scrolls else []
        return [("enter", "write"), *moves, ("esc", "leave it")] if found.changes else [("enter", "close"), *moves]

    def _listed(self, width: int, found: Difference) -> list[Row]:
        rows: list[Row] = []
        for (number, name), changes in groupby(found.changes, key=lambda change: (change.account_id, change.account_name)):
            listed = list(changes)
            own = next((change for change in listed if not change.role), None)
            label: list[Part] = [(f"{clean(name)}  ", "bold text")] if name else []
            rows.append(line(width, [GAP, _sign(own), *label, (number, "muted"), *_environment(own)]))
            rows += [line(width, [GAP, GAP, *_role(change)]) for change in listed if change.role]
        for one in found.proposal.left_out:
            rows += paragraph(width, clean(f"{one.what}: {one.why}", 400), "muted", lead=("left out  ", "faint"))
        return rows

    def _room(self) -> int:
        return max(_LEAST, self.app.size.height - _AROUND)

    def _scroll(self, key: str) -> None:
        step = {**_MOVES, "pagedown": self._room(), "pageup": -self._room(), "G": _FAR, "end": _FAR, "g": -_FAR, "home": -_FAR}.get(key, 0)
        self._top = max(0, self._top + step)

    def _enter(self, found: Difference) -> None:
        if not found.changes or self._write is None:
            self.dismiss(None)
            return
        self._writing = True
        self._job = self._write(self, found)

    def _move(self) -> None:
        """The spinner; a list stands still."""
        if self.found is None and self._problem is None:
            self.draw()


def _sentence(found: Difference) -> str:
    counts = found.counts()
    already = f", {plural(found.already, 'role')} in other files already" if found.already else ""
    return f"{counts[:1].upper()}{counts[1:]}{already}"


def _sign(own: Change | None) -> Part:
    return _SIGNS[own.what] if own else ("  ", "")


def _environment(own: Change | None) -> list[Part]:
    if own is None or own.what == "gone":
        return []
    if own.what == "changed":
        return [("  " + _changed(own), "muted")]
    said = next((new for name, _, new in own.settings if name == "environment"), "")
    return [(f"  {said}", "muted")] if said else []


def _role(change: Change) -> list[Part]:
    ink = "muted" if change.what == "gone" else "text"
    told: list[Part] = [("  " + _changed(change), "muted")] if change.what == "changed" else []
    return [_SIGNS[change.what], (clean(change.role), ink), *told]


def _changed(change: Change) -> str:
    return ", ".join(f"{name} {old or 'nothing'} → {new or 'nothing'}" for name, old, new in change.settings)
