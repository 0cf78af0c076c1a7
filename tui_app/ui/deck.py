"""The Textual app: it owns the store, the jobs and the look, and passes commands on to the deeds."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

from tui_app import paths
from tui_app.model import Origin
from tui_app.text import clean
from tui_app.ui import compat
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.bands import Base
from tui_app.ui.commands import BY_ID, DEFAULT_KEYS, Keymap, Situation, applies, commands_by_key, first_key
from tui_app.ui.findings import Findings
from tui_app.ui.hands import Gathering, Hands
from tui_app.ui.jobs import Jobs
from tui_app.ui.leaving import end_stopped, heed_signals, wait_for_codes
from tui_app.ui.look_choice import choose_look
from tui_app.ui.lost_terminal import ENDED, let_go_of_terminal, terminal_is_gone
from tui_app.ui.screens.main import MainScreen
from tui_app.ui.standing import situation_in_list
from tui_app.ui.store import Store, Topic
from tui_app.ui.theme import Look, textual_theme

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui_app.ui.codes import Codes

T = TypeVar("T")
LEAVING = ("ctrl+c", "ctrl+q")
"""What fingers know from elsewhere; not in the table, because nobody should take them away."""
TURN = 0.0005
"""Seconds that a thread may compute before another one has its turn. A key changes threads five times until its frame is out, and would
wait five times as long as this for each thread that reads answers; Python's own 0.005 is for throughput."""
TOGETHER = 0.05
"""Seconds in which answers are drawn together: eighty drawings, one for each, would keep a key waiting."""
SPIN = 8
"""Frames of the spinner in a second."""


class Deck(App[None], inherit_bindings=False):
    """roledeck's screen."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: $r-ground; color: $r-text; }
    ModalScreen { align: center middle; background: $r-ground 65%; }
    """

    def __init__(self, backstage: Backstage, store: Store | None = None, look: Look | None = None) -> None:
        self.look = look or choose_look(backstage.environ)
        super().__init__(ansi_color=self.look.plain or None)
        self.backstage = backstage
        self.environ = backstage.environ
        self.demo = backstage.demo is not None
        self.store = store or Store()
        self.findings = Findings()
        self.hands = Hands()
        self.main = MainScreen(self.store, self.findings)
        self.keys: Keymap = DEFAULT_KEYS
        self.bound = commands_by_key(DEFAULT_KEYS)
        self.loaded: Loaded | None = None
        self.jobs = Jobs(self.post)
        self.aws_jobs = Jobs(self.post, limit=5)
        self.wants_demo = False
        self.renewer: Any = None
        self.watch: Any = None
        self.readings = 0
        """1 while the files are read, 2 when they are to be read once more after that."""
        self.last_base = Base()
        self.explorer: Any = None
        """The screen of the resources, while it is there."""
        self._spun = 0
        self._dress_first()
        compat.add_filters(self, ascii_only=self.look.ascii_only)

    async def on_event(self, event: events.Event) -> None:
        """Keys go to the screen that is on top now, one after the other.

        Textual hands a key to the widget with the focus and goes on to the next before that widget has acted; what is typed ahead would
        then reach the list while it was meant for the filter.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.hands.pressed()
            if event.key in LEAVING:
                self.run_command("app.quit")
                return
            take_key = getattr(self.screen, "take_key", None)
            if take_key is not None and take_key(event):
                return
        await super().on_event(event)

    @cached_property
    def codes(self) -> Codes:
        """The questions for codes."""
        from tui_app.ui.codes import Codes

        return Codes(self.post, self._show_code, self._close_code)

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

        heed_signals(lambda code: self.exit(return_code=code))
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

    def _dress_first(self) -> None:
        """Put on the look without the watcher, which would read the whole stylesheet a second time before the first frame."""
        theme = textual_theme(self.look.name)
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def use_keys(self, keys: Keymap) -> None:
        """Take a person's own keys."""
        self.keys, self.bound = keys, commands_by_key(keys)

    def reload(self) -> None:
        """Read the files again, off this thread."""
        from tui_app.ui.loading import load

        load(self)

    def post(self, run: Callable[[], None]) -> None:
        """Run something on this thread soon; quiet after the end. Called from any thread."""
        if not self._exit:
            try:
                self.call_later(run)
            except RuntimeError:
                return  # the loop is gone

    def _handle_exception(self, error: Exception) -> None:
        compat.quiet_crash(self, error)

    def _fatal_error(self) -> None:
        compat.quiet_crash(self, RuntimeError("unknown"))

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

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        elsewhere = self._elsewhere()
        if elsewhere is not None:
            now: Situation = elsewhere.situation()
            return now
        return situation_in_list(self.main)

    def run_command(self, command_id: str) -> None:
        """Run a command of the table, if it applies now."""
        from tui_app.ui.deeds import DEEDS

        if not applies(BY_ID[command_id], self.situation()):
            return
        elsewhere = self._elsewhere()
        if elsewhere is None or not elsewhere.run(command_id):
            DEEDS[command_id](self)

    def _elsewhere(self) -> Any:
        """The topmost screen with commands of its own; None while there is only the main one."""
        return next((screen for screen in reversed(self.screen_stack) if hasattr(screen, "situation")), None)

    def go_to_favourite(self, number: int) -> None:
        """Put the cursor on the favourite of that number."""
        if 0 < number <= len(self.store.favourites):
            key = self.store.favourites[number - 1]
            if self.store.entry(key):
                self.store.set_query("")
                self.store.move_to(key)

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

    def key(self, command_id: str) -> str:
        """The key of a command as it is written."""
        return first_key(command_id, self.keys)

    def shown(self, origin: Origin) -> str:
        """A place in a file as a person writes it."""
        return f"{paths.shown(origin.path, self.environ)}:{origin.line}" if origin.line else paths.shown(origin.path, self.environ)

    def account_name(self, account: str) -> str:
        """The name of an account, or an empty text."""
        known = self.loaded.catalog.accounts if self.loaded else ()
        return next((clean(item.label) for item in known if item.id == account and item.label != account), "")

    def line_colour(self) -> str:
        """The colour of the one vertical rule."""
        return self.look.tokens["line"]

    def spin(self) -> str:
        """The spinner's frame now; a still glyph where motion is off."""
        if self.animation_level == "none":
            return "◌"
        return self.look.spinner[self._spun % len(self.look.spinner)]

    def toast(self, text: str, *, wrong: bool = False) -> None:
        """Say that something ended which cannot be seen here: one line, four seconds, at most two at once."""
        screens = (screen for screen in reversed(self.screen_stack) if hasattr(screen, "say"))
        shown: Any = next(screens, self.main)
        shown.say(text, wrong=wrong)
        if self.screen is not shown:
            from tui_app.ui.widgets.toast import say_on

            say_on(self.screen, text, wrong=wrong)

    def outside(self, run: Callable[[], T]) -> T | None:
        """Run something that has the terminal to itself; None where a signal ended it, and then us.

        Raises:
            RoledeckError: what it raised.
        """
        error: Exception | None = None
        value: T | None = None
        code: object = None
        with self.suspend():
            try:
                value = run()
            except SystemExit as ending:
                code = ending.code
            except Exception as failure:  # noqa: BLE001 - the screen has to come back first; then it is raised
                error = failure
        if code is not None:
            self.exit(return_code=int(str(code)))
        if error:
            raise error
        return value

    def use_look(self, name: str) -> None:
        """Draw everything in another palette."""
        self.look = Look(name, ascii_only=self.look.ascii_only)
        self.ansi_color = self.look.plain or None
        self.register_theme(textual_theme(name))
        self.theme = name
        self.main.share_out(self.size.width, self.size.height)
        for screen in self.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.query("*"):
                widget.refresh()

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
        self.set_timer(1.02 - time.time() % 1, self._tick)

    def _tick(self) -> None:
        if not self.is_headless and terminal_is_gone():
            self._terminal_lost()
            return
        self._wait_for_second()
        self.main.tick()
        if self.renewer is not None:
            self.renewer.look()

    @cached_property
    def _telling(self) -> Gathering:
        return Gathering(self, self.hands, TOGETHER, self._tell)

    def told(self) -> None:
        """AWS has answered: the pane and the screens of the resources draw it soon."""
        self._telling.soon()

    def _tell(self) -> None:
        self.store.changed("pane")
        for screen in self.screen_stack:
            update = getattr(screen, "update_now", None)
            if update is not None:
                update()

    def _show_code(self, question: Any) -> None:
        from tui_app.ui.screens.code import show_code

        show_code(self, question)

    def _close_code(self) -> None:
        from tui_app.ui.screens.code import close_code

        close_code(self)
