"""Signing in: where to go, the code to compare, how long there is; and which sign-in is meant where there are several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events

from tui_app.clock import time_left
from tui_app.text import clean
from tui_app.ui.draw import BLANK, GAP, bar, line, on_ground, paragraph, wrapped_arn
from tui_app.ui.screens.modal import Modal, caps_row, moved
from tui_app.ui.theme import Row

if TYPE_CHECKING:
    from tui_app.errors import RoledeckError
    from tui_app.model import SsoSession
    from tui_app.sessions.sign_in.prompt import Prompt
    from tui_app.ui.jobs import Job

Then = Callable[[], None]


class SignInScreen(Modal[None]):
    """One waiting sign-in. `again` starts it anew, `open_page` opens a link, `copy` copies one; `waiting` run when it is done."""

    def __init__(self, sign_in: SsoSession, again: Callable[[SignInScreen], Job], open_page: Callable[[str], None]) -> None:
        super().__init__()
        self.sign_in = sign_in
        self.waiting: list[Then] = []
        self._again = again
        self._open_page = open_page
        self._job: Job | None = None
        self.prompt: Prompt | None = None
        self.problem: RoledeckError | None = None
        self._whole = 1.0
        self._for_phone = False

    def on_mount(self) -> None:
        """Ask AWS for a code; not where esc was quicker."""
        super().on_mount()
        self.set_interval(0.25, self.draw)
        if self in self.app.screen_stack:
            self._start()

    def _start(self) -> None:
        self.prompt = self.problem = None
        self._job = self._again(self)
        self.draw()

    def is_about(self, job: Job) -> bool:
        """Whether it still waits for that job."""
        return self._job is job

    def show(self, prompt: Prompt) -> None:
        """AWS has given a code."""
        self.prompt = prompt
        self._whole = max(1.0, prompt.ends - self.deck.store.clock())
        self.draw()

    def fail(self, problem: RoledeckError) -> None:
        """It did not work; the person may try again."""
        self.problem = problem
        self.draw()

    def leave(self) -> None:
        """Esc cancels the sign-in."""
        if self._job:
            self._job.cancel()
        self.dismiss(None)

    def pressed(self, event: events.Key) -> None:
        """Open, copy, try again."""
        if self.problem is not None:
            if event.key == "enter":
                self._start()
        elif self.prompt is not None and event.key in ("enter", "o"):
            self._open_page(self.prompt.link)
        elif self.prompt is not None and event.key == "y":
            from tui_app.ui.deeds.copying import copy

            copy(self.deck, self.prompt.link, "Sign-in link")
        elif self.prompt is not None and event.key == "p" and not self.deck.look.ascii_only:
            self._for_phone = not self._for_phone
            self.draw()

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, then what there is to do now; the picture for a phone takes all the room there is."""
        if self._for_phone and self.prompt is not None and self.problem is None:
            return self._picture(width, self.prompt)
        rows = [BLANK, line(width, [(f"  Sign in to {clean(self.sign_in.key, 128)}", "bold text")]), BLANK]
        if self.problem is not None:
            return [*rows, *self._failed(width, self.problem)]
        if self.prompt is None:
            words = [(f"  {self.deck.spin()} ", "bold accent"), ("Asking AWS for a code", "muted")]
            return [*rows, line(width, words), BLANK, caps_row(width, [("esc", "cancel")]), BLANK]
        return [*rows, *self._asked(width, self.prompt)]

    def _asked(self, width: int, prompt: Prompt) -> list[Row]:
        left = max(0.0, prompt.ends - self.deck.store.clock())
        rows = [*paragraph(width, "Open this page in a browser, here or on your phone, and see that it shows this code.", "muted"), BLANK]
        rows += [line(width, [GAP, (part, "text")]) for part in wrapped_arn(prompt.link, width - 4)]
        rows += [BLANK, *self._code(width, prompt.user_code), BLANK]
        rows.append(line(width, [GAP, *bar(width - 4, left / self._whole, "accent")]))
        waits = [(f"  {self.deck.spin()} ", "bold accent"), ("Waiting for you to allow it", "muted")]
        rows += [line(width, waits, [(time_left(left), "bold text"), GAP]), BLANK]
        phone = [] if self.deck.look.ascii_only else [("p", "phone")]
        return [*rows, caps_row(width, [("enter", "open"), ("y", "copy link"), *phone, ("esc", "cancel")]), BLANK]

    def _picture(self, width: int, prompt: Prompt) -> list[Row]:
        """The link as a QR code, with the code to compare beside the keys."""
        from tui_app.ui.qr import qr_rows

        rows = qr_rows(prompt.link, width, light_paper=self.deck.look.name == "light")
        if len(rows) + 2 > self.app.size.height:
            rows = paragraph(width, "This terminal is too small for the picture; make it higher, or its letters smaller.", "muted")
        return [*rows, caps_row(width, [("p", "back"), ("esc", "cancel")], [(prompt.user_code, "on the phone too?")]), BLANK]

    @staticmethod
    def _code(width: int, code: str) -> list[Row]:
        """The code by itself, with room round it: it is read on one screen and compared on another."""
        box = len(code) + 8
        pad = (" " * max(0, (width - box) // 2), "")
        texts = (" " * box, f"    {code}    ", " " * box)
        return [line(width, [pad, *on_ground([(text, "bold text")], "cursor")]) for text in texts]

    @staticmethod
    def _failed(width: int, problem: RoledeckError) -> list[Row]:
        rows = paragraph(width, clean(problem.message), "wrong", lead=("✕ ", "bold wrong"))
        if problem.next_step and "roledeck login" not in problem.next_step:
            rows += paragraph(width, clean(problem.next_step), "muted", margin=4)
        return [*rows, BLANK, caps_row(width, [("enter", "try again"), ("esc", "close")]), BLANK]


class ChooseSignIn(Modal[str]):
    """Which of several sign-ins; `lines` are their keys, each with a note."""

    def __init__(self, heading: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading = heading
        self.lines = lines
        self.at = 0

    def sheet_rows(self, width: int) -> list[Row]:
        """Heading, names, keys."""
        rows = [BLANK, line(width, [(f"  {self.heading}", "bold text")]), BLANK]
        room = max(1, self.app.size.height - 8)
        first = max(0, min(self.at - room // 2, len(self.lines) - room))
        for number, (key, note) in enumerate(self.lines[first : first + room], first):
            here = number == self.at
            parts = [GAP, (clean(key, 128), "bold text" if here else "text"), (f"  {note}", "muted")]
            rows.append(line(width, parts, on="cursor" if here else ""))
        return [*rows, BLANK, caps_row(width, [("enter", "choose"), ("esc", "cancel")]), BLANK]

    def pressed(self, event: events.Key) -> None:
        """Move, or choose."""
        self.at = moved(self.at, event.key, len(self.lines))
        if event.key == "enter":
            self.dismiss(self.lines[self.at][0])
            return
        self.draw()
