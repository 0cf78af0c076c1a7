"""The question for an MFA code: where to, what for, the field, the code's own clock, what went wrong, what to press.

The modal belongs to a job. It stays while AWS looks at the code, takes the job's next question when the code is refused, and closes
when the job ends. A code is never shown; the demo's own authenticator is the one place where one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tui_app.clock import typed_duration
from tui_app.secret import Secret
from tui_app.text import clean, plural
from tui_app.ui.bands import band
from tui_app.ui.codes import Question
from tui_app.ui.compat import end_screen
from tui_app.ui.draw import BLANK, GAP, bar, fact, line, paragraph, wrapped
from tui_app.ui.listing import entry_of
from tui_app.ui.screens.modal import Modal, caps_row
from tui_app.ui.theme import Part, Row

if TYPE_CHECKING:
    from tui_app.sessions.codes import CodeRequest
    from tui_app.ui.deck import Deck

DIGITS = 6
STEP = 30
"""Seconds that a code is shown on the device (RFC 6238's usual step)."""


class CodeScreen(Modal[None]):
    """Ask for the code of one question, and of those that follow it in the same job."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.request: CodeRequest = question.request
        self._typed = ""
        self._sent = False
        self._why = False
        self._problem = ""
        self._demo_code: tuple[str, int] | None = None

    def on_mount(self) -> None:
        """The clock of the code ticks while it is asked."""
        super().on_mount()
        self.set_interval(0.25, self._tick)
        self._tick()

    def ask_again(self, question: Question) -> None:
        """The job has another question: the code was refused, or another one is wanted."""
        self.request = question.request
        self._typed, self._sent, self._problem = "", False, ""
        self._tick()

    def _tick(self) -> None:
        demo = self.deck.backstage.demo
        if demo is not None:
            self._demo_code = demo.code(self.request.serial)
        self.draw()

    @property
    def waits(self) -> float:
        """Seconds until a code that was not used yet; 0 when the field is open."""
        return max(0.0, self.request.not_before - self.deck.store.clock())

    @property
    def left(self) -> float:
        """Seconds that the code on the device lasts; the demo's clock may be another than ours."""
        return self._demo_code[1] if self._demo_code else STEP - self.deck.store.clock() % STEP

    def pressed(self, event: events.Key) -> None:
        """Digits, editing, enter."""
        if event.key == "question_mark":
            self._why = not self._why
        elif self._sent or self.waits > 0:
            return
        elif event.character and event.character.isascii() and event.character.isdigit():
            self._typed = (self._typed + event.character)[:DIGITS]
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "ctrl+u":
            self._typed = ""
        elif event.key == "enter":
            self._send()
        self.draw()

    def on_paste(self, event: events.Paste) -> None:
        """A pasted code; spaces and dashes in it do not matter."""
        event.stop()
        if not self._sent and self.waits <= 0:
            digits = "".join(character for character in event.text if character.isascii() and character.isdigit())
            self._typed = digits[:DIGITS]
            self.draw()

    def _send(self) -> None:
        if len(self._typed) != DIGITS:
            self._problem = "A code has six digits."
            return
        code, self._typed, self._sent, self._problem = Secret(self._typed), "", True, ""
        self.deck.codes.answer(code)

    def leave(self) -> None:
        """Esc cancels the whole job; the modal closes with it."""
        self.deck.codes.cancel()

    def sheet_rows(self, width: int) -> list[Row]:
        """Band, heading, facts, field, clock, error, keys; closer together where there is no room."""
        rows = self._sheet(width, roomy=True)
        return rows if len(rows) <= self.app.size.height else self._sheet(width, roomy=False)

    def _sheet(self, width: int, *, roomy: bool) -> list[Row]:
        request = self.request
        gap = [BLANK] if roomy else []
        entry = self.deck.store.entry(request.role.key) or entry_of(request.role)
        device = clean(request.serial.rpartition(":")[2])
        rows = [band(width, entry, None), BLANK, line(width, [(f"  Enter the code of {device}", "bold text")]), BLANK]
        rows += self._why_rows(width) if self._why else self._facts(width)
        rows += [BLANK, *self._field(width, tall=roomy), *gap, *self._clock(width), *gap]
        if request.refusal or request.remark or self._problem:
            rows += [*self._error(width), BLANK]
        if self._demo_code:
            code = self._demo_code[0]
            rows += [line(width, [("  Demo authenticator", "muted")], [(code, "text"), GAP]), BLANK]
        elif not roomy:
            rows.append(BLANK)
        open_ = not self._sent and self.waits <= 0
        keys = [("enter", "send"), ("ctrl+u", "clear")] if open_ else []
        return [*rows, caps_row(width, [*keys, ("esc", "cancel")], [("?", "what it is for" if self._why else "why a code")]), BLANK]

    def _facts(self, width: int) -> list[Row]:
        request = self.request
        known = self.deck.account_name(request.device_account)
        where: list[Part] = [(known or clean(request.device_account), "text")]
        where += [(f"  {clean(request.device_account)}", "muted")] if known else []
        rows = [fact(width, "Device in", *where)]
        rows.append(fact(width, "Goes into", (request.goes_into, "text"), (f"  for {typed_duration(request.duration)}", "muted")))
        hops = [clean(hop) for hop in request.hops]
        if len(hops) > 1:
            rows += [
                fact(width, "Hops" if number == 0 else "", (text, "text"))
                for number, text in enumerate(wrapped(" → ".join(hops), width - 18))
            ]
        rows.append(fact(width, "External id", ("sent" if request.external_id else "none", "text")))
        rows += [
            fact(width, "Why now" if number == 0 else "", (text, "text"))
            for number, text in enumerate(wrapped(clean(request.why), width - 18))
        ]
        covers = "this role only" if request.covers <= 1 else plural(request.covers, "role")
        return [*rows, fact(width, "Covers", (covers, "text"))]

    @staticmethod
    def _why_rows(width: int) -> list[Row]:
        return [
            *paragraph(width, "An MFA device is set for this role or its source, so AWS wants proof that you hold it.", "text"),
            *paragraph(width, "The code goes to AWS once, over TLS. It is kept nowhere and shown nowhere.", "muted"),
            *paragraph(width, 'mfa_serial = "" in the files switches the question off.', "muted"),
        ]

    def _field(self, width: int, *, tall: bool) -> list[Row]:
        open_ = not self._sent and self.waits <= 0
        ground = "cursor" if open_ and not self.deck.look.plain else "raised"
        boxes: tuple[list[Part], list[Part], list[Part]] = ([], [], [])
        for index in range(DIGITS):
            space: Part = ("    " if index == 2 else " ", "text on raised")  # noqa: PLR2004 - three and three
            filled = index < len(self._typed) or self._sent
            here = open_ and index == min(len(self._typed), DIGITS - 1)
            mark: Part = ("●" if filled else " ", f"bold {'muted' if self._sent else 'text'} on {ground}")
            edge: Part = ("▁▁▁▁▁", f"{'bold accent' if here else 'line'} on {ground}")
            lines: tuple[list[Part], ...] = (
                [("     ", f"text on {ground}")],
                [("  ", f"text on {ground}"), mark, ("  ", f"text on {ground}")],
                [edge],
            )
            for box, cell in zip(boxes, lines, strict=True):
                box += [*cell, space]
        pad: Part = (" " * max(0, (width - 38) // 2), "")
        return [line(width, [pad, *box], on="raised") for box in (boxes if tall else boxes[1:])]

    def _clock(self, width: int) -> list[Row]:
        waits = self.waits
        if self._sent:
            return [
                line(width, [GAP, *bar(width - 4, 0, "accent")]),
                line(width, [(f"  {self.deck.spin()} ", "bold accent"), ("AWS is looking at it", "muted")]),
            ]
        if waits > 0:
            words, seconds, ink, strong = "Next code in", waits, "soon", "bold soon"
        else:
            words, seconds, ink, strong = "This code is good for another", self.left, "accent", "bold text"
        return [
            line(width, [GAP, *bar(width - 4, min(1.0, seconds / STEP), ink)]),
            line(width, [(f"  {words}", "muted")], [(f"{max(1, round(seconds))}s", strong), GAP]),
        ]

    def _error(self, width: int) -> list[Row]:
        if self._problem:
            return [line(width, [("  ✕ ", "bold wrong"), (self._problem, "wrong")])]
        refusal = clean(self.request.refusal or self.request.remark)
        if "MultiFactorAuthentication" not in refusal:
            return paragraph(width, refusal, "wrong", lead=("✕ ", "bold wrong"))
        head = line(width, [("  ✕ ", "bold wrong"), ("AWS refused the code: mistyped, or used before.", "wrong")])
        return [head, *paragraph(width, refusal, "muted", margin=4)]


def show_code(deck: Deck, question: Question) -> None:
    """Open the modal, or hand it its job's next question."""
    screen = next((item for item in deck.screen_stack if isinstance(item, CodeScreen)), None)
    if screen is not None:
        screen.ask_again(question)
    else:
        deck.push_screen(CodeScreen(question))


def close_code(deck: Deck) -> None:
    """Close the modal, whatever lies over it."""
    for screen in list(deck.screen_stack):
        if isinstance(screen, CodeScreen):
            end_screen(screen)
