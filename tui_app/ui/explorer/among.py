"""What the screens of the resources share: the header, keys by the table of commands, a filter's field, messages, a spinner."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual import events
from textual.widget import Widget

from tui_app.ui.commands import Situation, commands_by_key
from tui_app.ui.compat import WholeFromTheFirst, put_on
from tui_app.ui.hands import Gathering
from tui_app.ui.screens.main import SMALLEST
from tui_app.ui.widgets.chrome import Header
from tui_app.ui.widgets.paper import TextField

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck
    from tui_app.ui.explorer.places import Visitor
    from tui_app.ui.sight import Sight
    from tui_app.ui.widgets.notices import TooSmall
    from tui_app.ui.widgets.toast import Toasts

SOON = 0.03
"""Seconds in which answers that come together are drawn together."""
SPIN = 1 / 8
"""Seconds that a frame of the spinner stands."""


class Among(WholeFromTheFirst[None]):
    """A screen among the resources."""

    ALLOW_SELECT = False

    def __init__(self, visitors: tuple[Visitor, ...]) -> None:
        super().__init__()
        self.styles.layers = "base toast"
        self.visitors = visitors
        self.field, self.typing = TextField(), False
        self._spun = 0

    @property
    def deck(self) -> Deck:
        """The app."""
        return cast("Deck", self.app)

    def sight(self, visitor: Visitor) -> Sight | None:
        """What this very identity was shown."""
        sight = self.deck.findings.sights.get(visitor.key)
        return sight if sight and sight.identity == visitor.arn else None

    def on_mount(self) -> None:
        """Turn the spinner, and draw what moves with the clock; Textual calls this besides a subclass's own."""
        self.set_interval(SPIN, self._spin)
        self.set_interval(1, self._tick)

    def on_resize(self) -> None:
        """After a subclass has laid out and drawn its parts; Textual calls this too."""
        self.call_after_refresh(self.show_whole)

    @cached_property
    def top(self) -> Header:
        """The header of the whole program."""
        return Header(self.deck.store)

    @property
    def working(self) -> bool:
        """Whether AWS is being asked."""
        raise NotImplementedError

    def situation(self) -> Situation:
        """What decides which commands apply now."""
        raise NotImplementedError

    def run(self, command_id: str) -> bool:
        """Do what a command means here; False for one that the whole program does."""
        raise NotImplementedError

    def update(self) -> None:
        """Draw everything again from what is known now."""
        raise NotImplementedError

    def spun(self) -> None:
        """Draw again what turns with the spinner."""
        raise NotImplementedError

    def set_query(self, text: str) -> None:
        """Filter by what is typed."""
        raise NotImplementedError

    def update_soon(self) -> None:
        """Draw again what has come, once for all answers that come together."""
        if self.is_mounted:
            self._gathering.soon()

    def update_now(self) -> None:
        """Draw again what has come, and what has been waiting for it."""
        if self.is_mounted:
            self._gathering.now()

    @cached_property
    def _gathering(self) -> Gathering:
        return Gathering(self, self.deck.hands, SOON, self._draw)

    def _draw(self) -> None:
        if self.is_attached:  # a key may have ended it since
            self.update()

    def take_key(self, event: events.Key) -> bool:
        """A key, at once: the filter's own while it is typed, else a command's."""
        if not self.has_room:
            return False
        if self.typing:
            return self._typed(event)
        command = commands_by_key(self.deck.keys, "explorer").get(event.key)
        if command:
            self.deck.run_command(command)
        return command is not None

    def _typed(self, event: events.Key) -> bool:
        if event.key == "escape":
            self.typing = False
            self.set_query("")
        elif event.key in ("enter", "down", "up", "tab"):
            self.typing = False
            self.update()
        elif self.field.key(event):
            self.set_query(self.field.text)
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the filter."""
        if self.typing:
            self.field.insert(event.text.strip())
            self.set_query(self.field.text)
        event.stop()

    def on_grid_view_clicked(self) -> None:
        """Whoever points at a row has typed the filter to its end."""
        if self.typing:
            self.typing = False
            self.update()

    def on_grid_view_opened(self) -> None:
        """A double click is as good as enter."""
        self.deck.run_command("explore.open")

    def _spin(self) -> None:
        if self.working:
            self._spun += 1
            if self.deck.hands.at_rest:
                self.spun()

    def _tick(self) -> None:
        self.top.refresh()

    def spinner(self) -> str:
        """The spinner's frame now; a still glyph where motion is off."""
        look = self.deck.look
        return "◌" if self.deck.animation_level == "none" else look.spinner[self._spun % len(look.spinner)]

    @property
    def has_room(self) -> bool:
        """Whether the terminal has room for anything in earnest."""
        return self.app.size.width >= SMALLEST[0] and self.app.size.height >= SMALLEST[1]

    def show_room(self, *parts: Widget) -> None:
        """Show the parts, or one word on a terminal that has no room for them."""
        for part in parts:
            part.display = self.has_room
        if not self.has_room:
            put_on(self, self.too_small)
        if "too_small" in self.__dict__:
            self.too_small.display = not self.has_room

    @cached_property
    def too_small(self) -> TooSmall:
        """The word for a terminal without room."""
        from tui_app.ui.widgets.notices import TooSmall

        return TooSmall()

    def say(self, text: str, *, wrong: bool) -> None:
        """Show a message at the bottom right."""
        put_on(self, self.toasts)
        self.toasts.say(text, wrong=wrong)

    @cached_property
    def toasts(self) -> Toasts:
        """Messages at the bottom right."""
        from tui_app.ui.widgets.toast import Toasts

        return Toasts()
