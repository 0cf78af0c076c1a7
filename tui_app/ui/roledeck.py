"""The Textual app: it hears keys, the clock and AWS's answers, and passes commands on to the deeds."""

from __future__ import annotations

import gc
import sys
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual import events
from textual.screen import Screen

from tui_app.ui import compat
from tui_app.ui.bands import Base
from tui_app.ui.commands import BY_ID, Situation, applies
from tui_app.ui.deck import Deck
from tui_app.ui.hands import Gathering
from tui_app.ui.leaving import end_stopped, wait_for_codes
from tui_app.ui.lost_terminal import ENDED, let_go_of_terminal, terminal_is_gone
from tui_app.ui.standing import situation_in_list
from tui_app.ui.store import Topic
from tui_app.ui.typed_ahead import as_meant

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui_app.ui.codes import Codes

LEAVING = ("ctrl+c", "ctrl+q")
"""What fingers know from elsewhere; not in the table, because nobody should take them away."""
TURN = 0.0005
"""Seconds that a thread may compute before another one has its turn. A key changes threads five times until its frame is out, and would
wait five times as long as this for each thread that reads answers; Python's own 0.005 is for throughput."""
TOGETHER = 0.05
"""Seconds in which answers are drawn together: eighty drawings, one for each, would keep a key waiting."""
WRITTEN = 0.003
"""Seconds within which a thread of Textual's has written a frame to the terminal."""
SPIN = 8
"""Frames of the spinner in a second."""


class Roledeck(Deck):
    """The deck as it runs. What takes time to import is imported when it is first wanted: the first frame waits for none of it."""

    async def on_event(self, event: events.Event) -> None:
        """Keys go to the screen that is on top now, one after the other.

        Textual hands a key to the widget with the focus and goes on to the next before that widget has acted; what is typed ahead would
        then reach the list while it was meant for the filter.
        """
        if isinstance(event, events.InputEvent) and event.time < self.given_back:
            return  # read before another program got the terminal, and meant for that one
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._exit:
                return  # typed ahead: it would open the next editor or shell, which nobody ends
            self.hands.pressed()
            event = as_meant(event, self.keys)
            if event.key in LEAVING:
                self.run_command("app.quit")
                return
            take_key = getattr(self.screen, "take_key", None)
            taken = take_key is not None and take_key(event)
            self._tell_hands()
            if taken:
                return
        await super().on_event(event)

    def _tell_hands(self) -> None:
        """When the frame of a key is out, what waits for that is done."""
        if self.hands.waited_for:
            # the parts that the key has changed tell the screen first: it would draw what waits before the key's own frame
            self.screen.call_later(self.screen.call_after_refresh, compat.ring_once, self, WRITTEN, self.hands.answered)

    def run_command(self, command_id: str) -> None:
        """Run a command of the table, if it applies now."""
        from tui_app.ui.deeds import DEEDS

        if not applies(BY_ID[command_id], self.situation()):
            return
        elsewhere = self._elsewhere()
        if elsewhere is None or not elsewhere.run(command_id):
            DEEDS[command_id](self)

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        elsewhere = self._elsewhere()
        if elsewhere is not None:
            now: Situation = elsewhere.situation()
            return now
        return situation_in_list(self.main)

    def _elsewhere(self) -> Any:
        """The topmost screen with commands of its own; None while there is only the main one."""
        return next((screen for screen in reversed(self.screen_stack) if hasattr(screen, "situation")), None)

    def get_default_screen(self) -> Screen[Any]:
        """The main screen is the first one, so that nothing is drawn before it."""
        return self.main

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, which does not hang when the terminal is gone."""
        return compat.outlasting(super().get_driver_class(), lambda: self.post(self._terminal_lost))

    def _terminal_lost(self) -> None:
        self.exit(return_code=ENDED)

    def on_mount(self) -> None:
        """Names first; the rest is read after the first frame."""
        from tui_app.ui.loading import first_listing

        self.signals.heed(lambda code: self.exit(return_code=code))
        self._wait_for_second()
        self._spinner = self.set_interval(1 / SPIN, self._spin, pause=True)
        self.store.subscribe(self._heard)
        self.store.set_listing(first_listing(self))
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        """The first frame is there: now what costs time."""
        from tui_app.ui.demo_end import hear_of_demo_end
        from tui_app.ui.loading import load

        gc.freeze()
        gc.enable()
        sys.setswitchinterval(TURN)
        load(self)
        hear_of_demo_end(self)

    def reload(self) -> None:
        """Read the files again, off this thread."""
        from tui_app.ui.loading import load

        load(self)

    def on_unmount(self) -> None:
        """Nothing starts any more, and nobody waits for a person who has left."""
        self.jobs.cancel_all()
        self.aws_jobs.cancel_all()
        for looking in (self.renewer, self.watch):
            if looking is not None:
                looking.stop()
        if self.loaded is not None:
            self.loaded.close()

    def finish(self) -> None:
        """After the end: whatever holds a spent code gets its answer to the disk, and stopped children end."""
        if terminal_is_gone():
            let_go_of_terminal()
        wait_for_codes(self.aws_jobs)
        end_stopped(self.store.children)

    def _handle_exception(self, error: Exception) -> None:
        compat.quiet_crash(self, error)

    def _fatal_error(self) -> None:
        compat.quiet_crash(self, RuntimeError("unknown"))

    def show_tab(self, name: str) -> None:
        """Show a tab, and read what it shows."""
        from tui_app.ui.deeds.looking import show_tab

        show_tab(self, name)

    def base(self) -> Base:
        """Who the selected role is reached as."""
        if self.loaded is None:
            return self.last_base
        from tui_app.ui.deeds.looking import base_of

        return base_of(self)

    @cached_property
    def codes(self) -> Codes:
        """The questions for codes."""
        from tui_app.ui.codes import Codes

        return Codes(self.post, self._show_code, self._close_code)

    def _show_code(self, question: Any) -> None:
        from tui_app.ui.screens.code import show_code

        show_code(self, question)

    def _close_code(self) -> None:
        from tui_app.ui.screens.code import close_code

        close_code(self)

    @cached_property
    def answers(self) -> Gathering:
        """Called `soon()` when AWS has answered: the pane and the screens of the resources draw it."""
        from tui_app.ui.explorer.looking_round import tell

        return Gathering(self, self.hands, TOGETHER, lambda: tell(self))

    def _heard(self, topic: Topic) -> None:
        if self.loaded is None:
            return
        if topic == "states":
            self.findings.forget_plans()
        busy = bool(self.store.work or self.findings.pending or any(sight.running for sight in self.findings.sights.values()))
        (self._spinner.resume if busy and self.animation_level != "none" else self._spinner.pause)()
        if topic in ("cursor", "rows", "states"):
            from tui_app.ui.deeds.looking import read_plan

            read_plan(self)

    def _spin(self) -> None:
        self._spun += 1
        if self.hands.at_rest:
            self.main.tick(spinning=True)

    def _wait_for_second(self) -> None:
        """Times end on whole seconds, so everything is drawn just after one: no two figures on the screen differ."""
        compat.ring_once(self, 1.02 - time.time() % 1, self._tick)

    def _tick(self) -> None:
        if not self.is_headless and terminal_is_gone():
            self._terminal_lost()
            return
        self._wait_for_second()
        self.main.tick()
        if self.renewer is not None:
            self.renewer.look()
