"""The main screen: header, list, pane, footer, and how they share the room."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from tui_app.ui.compat import put_on
from tui_app.ui.findings import Findings
from tui_app.ui.store import Store, Topic
from tui_app.ui.typed_ahead import TypedAhead
from tui_app.ui.widgets.chrome import BandRow, Footer, Header, ListHead
from tui_app.ui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from tui_app.ui.deck import Deck
    from tui_app.ui.widgets.details import DetailView
    from tui_app.ui.widgets.notices import Banner, TooSmall
    from tui_app.ui.widgets.toast import Toasts

SMALLEST = (48, 12)
"""Below this nothing can be shown in earnest; 80x24 is what everything is made for."""


class Layout(NamedTuple):
    """How the screen is shared out. `pane` is 0 where it lies over the list."""

    pane: int
    airy: bool
    too_small: bool

    @property
    def narrow(self) -> bool:
        """Whether the pane lies over the list."""
        return self.pane == 0


def layout_for(width: int, height: int) -> Layout:
    """The pane's width and the empty rows that a terminal of this size has room for."""
    too_small = width < SMALLEST[0] or height < SMALLEST[1]
    if width < 100:  # noqa: PLR2004 - the look's break points
        return Layout(0, airy=False, too_small=too_small)
    return Layout(56 if width >= 130 else 48, airy=height >= 30, too_small=too_small)  # noqa: PLR2004 - same


def box(layout: Literal["horizontal", "vertical"], id: str) -> Widget:  # noqa: A002 - Textual's own name for it
    """A part that holds others. Styles set here cost a tenth of a stylesheet that has to be read before the first frame."""
    made = Widget(id=id)
    made.styles.layout = layout
    made.styles.width = made.styles.height = "1fr"
    made.styles.overflow_x = made.styles.overflow_y = "hidden"
    return made


class MainScreen(Screen[None]):
    """Everything but the modals."""

    AUTO_FOCUS = "#roles"
    ALLOW_SELECT = False

    def __init__(self, store: Store, findings: Findings) -> None:
        super().__init__()
        self.styles.layers = "base toast"
        self.store = store
        self.arranged = Layout(56, airy=True, too_small=False)
        self.pane_open = False
        """Whether the pane lies over the list, where there is no room for both."""
        self._shape: tuple[Layout, bool, str] | None = None
        self.roles = RoleList(store)
        self.head = ListHead(store)
        self._findings = findings
        self.chrome = (Header(store), BandRow(store), Footer())
        self._filled = False
        self.ahead = TypedAhead()

    @property
    def deck(self) -> Deck:
        """The app."""
        return cast("Deck", self.app)

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        top, band, foot = self.chrome
        yield top
        yield band
        with box("horizontal", id="rest"):
            with box("vertical", id="left"):
                yield self.head
                yield self.roles
            yield box("vertical", id="pane")
        yield foot

    @cached_property
    def pane(self) -> DetailView:
        """The details; made after the first frame, or when a key asks for them."""
        from tui_app.ui.widgets.details import DetailView

        return DetailView(self.store, self._findings)

    @cached_property
    def banner(self) -> Banner:
        """What is wrong with the files."""
        from tui_app.ui.widgets.notices import Banner

        return Banner(self.store)

    @cached_property
    def too_small(self) -> TooSmall:
        """The word for a terminal without room."""
        from tui_app.ui.widgets.notices import TooSmall

        return TooSmall()

    @cached_property
    def toasts(self) -> Toasts:
        """Messages at the bottom right."""
        from tui_app.ui.widgets.toast import Toasts

        return Toasts()

    def on_mount(self) -> None:
        """Hear of every change from now on."""
        self.share_out(self.app.size.width, self.app.size.height)
        self.store.subscribe(self.heard)
        self.call_after_refresh(self._fill)

    async def _fill(self) -> None:
        """The details follow the first frame, which belongs to the list."""
        place = self.query_one("#pane")
        if not place.is_attached:
            return  # the screen ends before its first frame is drawn
        await place.mount(self.pane)
        self._filled = True
        self.pane.band.display = not self.arranged.narrow
        self.call_after_refresh(self.heard, "pane")

    def on_resize(self, event: events.Resize) -> None:
        """Share the room out again."""
        self.share_out(event.size.width, event.size.height)

    def share_out(self, width: int, height: int) -> None:
        """Lay the parts out for a terminal of this size; nothing moves where it makes no difference.

        A terminal that does not know its size is told two by Textual in turn: laying out at each would never end.
        """
        self.arranged = plan = layout_for(width, height)
        over = plan.narrow and self.pane_open
        shape = (plan, over, self.deck.look.name)
        if shape == self._shape:
            return
        self._shape = shape
        self.query_one("#rest").display = not plan.too_small
        for part in self.chrome:
            part.display = not plan.too_small
        if plan.too_small or "too_small" in self.__dict__:
            self._show_small(show=plan.too_small)
        self.chrome[1].display = plan.narrow and not plan.too_small
        self.query_one("#left").display = not over
        room = self.query_one("#pane")
        room.display = over or not plan.narrow
        room.styles.width = "1fr" if plan.narrow else plan.pane
        room.styles.border_left = ("none", "black") if plan.narrow else ("vkey", self.deck.line_colour())
        if self._filled:
            self.pane.band.display = not plan.narrow
            self.call_after_refresh(self.pane.update)
        self.head.airy = self.roles.airy = plan.airy
        self.head.refresh(layout=True)
        self.roles.rebuild()

    def _show_small(self, *, show: bool) -> None:
        put_on(self, self.too_small)
        self.too_small.display = show

    def heard(self, topic: Topic) -> None:
        """Draw again what a change touches."""
        if not self.is_mounted:
            return
        if topic == "rows":
            self.roles.rebuild()
            self.head.settle()
        elif topic == "cursor":
            self.roles.show_cursor()
            self.roles.refresh()
            if self._filled:
                self.pane.view_cursor = 0
                self.pane.page.scroll_to(y=0, animate=False, force=True)
        elif topic == "states":
            self.roles.refresh()
        elif topic == "problems":
            self._show_problems()
        if topic != "problems" and not self.covered:
            if self._filled:
                self.pane.update()
            for part in self.chrome:
                part.renew()

    def _show_problems(self) -> None:
        if self.store.problems:
            put_on(self, self.banner, after=self.chrome[0])
        if self.banner.is_attached:
            self.banner.display = bool(self.store.problems)
            self.banner.refresh(layout=True)

    def tick(self, *, spinning: bool = False) -> None:
        """A second has passed, or the spinner turns: only what moves is drawn again."""
        if not self.is_mounted or self.covered:
            return
        self.roles.refresh_moving(spinning=spinning)
        if self._filled:
            self.pane.update()
        for part in self.chrome[: 2 if spinning else 3]:
            part.renew()

    @property
    def covered(self) -> bool:
        """Whether another screen hides all of it: Textual draws that one anew, whole, for whatever changes below."""
        return any(not screen.is_modal for screen in self.app.screen_stack[1:])

    def on_screen_resume(self) -> None:
        """Draw what has changed while another screen lay over it."""
        if self._filled:
            self.tick()

    @property
    def in_pane(self) -> bool:
        """Whether keys go to the pane."""
        return (self._filled and self.focused is self.pane.page) or (self.arranged.narrow and self.pane_open)

    def say(self, text: str, *, wrong: bool) -> None:
        """Show a message at the bottom right."""
        self.toasts.say(text, wrong=wrong)
        put_on(self, self.toasts)

    def shows(self, key: str) -> bool:
        """Whether the role's row can be seen now."""
        return not (self.arranged.narrow and self.pane_open) and self.app.screen is self and self.roles.shows(key)

    def open_pane(self) -> None:
        """Give the pane the focus; where there is no room for both, lay it over the list."""
        self.pane_open = True
        if self.arranged.narrow:
            self.share_out(self.app.size.width, self.app.size.height)
        self.set_focus(self.pane.page)
        self.call_after_refresh(self.heard, "pane")

    def close_pane(self) -> None:
        """Back to the list."""
        self.pane_open = False
        if self.arranged.narrow:
            self.share_out(self.app.size.width, self.app.size.height)
        self.to_list()
        self.call_after_refresh(self.heard, "pane")

    def on_descendant_focus(self) -> None:
        """The keys that apply depend on where the focus is."""
        self.heard("pane")
        self.roles.refresh()

    def to_list(self) -> None:
        """Give the list the focus, at once: the next key is already its own. The filter stays."""
        self.set_focus(self.roles)

    def to_filter(self) -> None:
        """Give the filter the focus, at once."""
        self.set_focus(self.head)

    def on_role_list_opened(self) -> None:
        """A double click is as good as enter."""
        self.deck.run_command("role.assume")

    def take_key(self, event: events.Key) -> bool:
        """A key, at once: the filter's own while it is typed, else a command's; False where it is neither."""
        if self.arranged.too_small:
            return False
        command = None if self.focused is self.head else self.deck.bound.get(event.key)
        if self.ahead.keep(event, command):
            return True
        if self.focused is self.head:
            return self.head.take_key(event)
        if command == "favourite.go":
            self.deck.go_to_favourite(int(event.key) if event.key.isdigit() else 0)
        elif command:
            self.deck.run_command(command)
        return command is not None
