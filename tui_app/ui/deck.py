"""What every deed and screen may use of the app: the store, the jobs, the findings, the look, the messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.events import Event

from tui_app import paths
from tui_app.model import Origin
from tui_app.text import clean
from tui_app.ui import compat
from tui_app.ui.backstage import Backstage, Loaded
from tui_app.ui.bands import Base
from tui_app.ui.commands import DEFAULT_KEYS, Keymap, Situation, commands_by_key, first_key
from tui_app.ui.findings import Findings
from tui_app.ui.hands import Gathering, Hands
from tui_app.ui.jobs import Jobs
from tui_app.ui.leaving import Signals
from tui_app.ui.look_choice import choose_look
from tui_app.ui.screens.main import MainScreen
from tui_app.ui.store import Store
from tui_app.ui.theme import Look, textual_theme

if TYPE_CHECKING:
    from tui_app.ui.codes import Codes

T = TypeVar("T")


class Deck(App[None], inherit_bindings=False):
    """What there is to work with; `Roledeck` brings it to life."""

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
        self.signals = Signals()
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
        self.given_back = 0.0
        """When another program last gave the terminal back, on the clock of Textual's events."""
        self._spun = 0
        self._dress_first()
        compat.add_filters(self, ascii_only=self.look.ascii_only)

    def _dress_first(self) -> None:
        """Put on the look without the watcher, which would read the whole stylesheet a second time before the first frame."""
        theme = textual_theme(self.look.name)
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        raise NotImplementedError

    def run_command(self, command_id: str) -> None:
        """Run a command of the table, if it applies now."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read the files again, off this thread."""
        raise NotImplementedError

    def show_tab(self, name: str) -> None:
        """Show a tab, and read what it shows."""
        raise NotImplementedError

    def base(self) -> Base:
        """Who the selected role is reached as."""
        raise NotImplementedError

    @property
    def codes(self) -> Codes:
        """The questions for codes."""
        raise NotImplementedError

    @property
    def answers(self) -> Gathering:
        """Called `soon()` when AWS has answered: the pane and the screens of the resources draw it."""
        raise NotImplementedError

    @property
    def explorer(self) -> Any:
        """The screen of the resources, while it is there; of several, one of them opened from a search of another, the one on top."""
        return next((screen for screen in reversed(self.screen_stack) if getattr(screen, "SHOWS_RESOURCES", False)), None)

    def go_to_favourite(self, number: int) -> None:
        """Put the cursor on the favourite of that number."""
        if 0 < number <= len(self.store.favourites):
            key = self.store.favourites[number - 1]
            if self.store.entry(key):
                self.store.set_query("")
                self.store.move_to(key)

    def use_keys(self, keys: Keymap) -> None:
        """Take a person's own keys."""
        self.keys, self.bound = keys, commands_by_key(keys)

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

    def post(self, run: Callable[[], None]) -> None:
        """Run something on this thread soon; quiet after the end. Called from any thread."""

        def unless_over() -> None:
            if not self._exit:
                run()

        if not self._exit:
            try:
                self.call_later(unless_over)
            except RuntimeError:
                return  # the loop is gone

    def outside(self, run: Callable[[], T], *, lent: bool = True) -> T | None:
        """Run something that has the terminal to itself; None where a signal ended it, and then us.

        What was typed up to its end is another program's, if it is `lent` to one.

        Raises:
            RoledeckError: what it raised.
        """
        if self._exit:
            return None  # a key that was typed before the signal; nothing is begun any more
        error: Exception | None = None
        value: T | None = None
        code: object = None
        with self.suspend():
            try:
                with self.signals.at_once():
                    value = run()
            except SystemExit as ending:
                code = ending.code
            except Exception as failure:  # noqa: BLE001 - the screen has to come back first; then it is raised
                error = failure
        if lent:
            self.given_back = Event().time
        if code is not None:
            self.exit(return_code=int(str(code)))
        if error:
            raise error
        return value

    def toast(self, text: str, *, wrong: bool = False) -> None:
        """Say that something ended which cannot be seen here: one line, four seconds, at most two at once."""
        screens = (screen for screen in reversed(self.screen_stack) if hasattr(screen, "say"))
        shown: Any = next(screens, self.main)
        shown.say(text, wrong=wrong)
        if self.screen is not shown:
            from tui_app.ui.widgets.toast import say_on

            say_on(self.screen, text, wrong=wrong)

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
        return "◌" if self.animation_level == "none" else self.look.spinner[self._spun % len(self.look.spinner)]
