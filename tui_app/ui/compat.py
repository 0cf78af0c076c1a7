"""Everything that leans on Textual's private parts, in one place, held by tripwire tests."""

from __future__ import annotations

import traceback
from typing import IO, TYPE_CHECKING, Any, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from tui_app.ui.glyphs import ASCII
from tui_app.ui.lost_terminal import OutlastingFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.driver import Driver
    from textual.geometry import Size
    from textual.message_pump import MessagePump
    from textual.timer import Timer
    from textual.widget import Widget

T = TypeVar("T")

FRAMES = 6

_UNSEEN = [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
_UNSEEN += [0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), *range(0xE0000, 0xE0080)]
UNSAFE = dict.fromkeys(_UNSEEN)
"""Controls, bidi marks and invisible characters: whatever slips through the cleaning ends here."""


class NoControl(LineFilter):
    """Nothing but visible text reaches the terminal, whoever drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Drop every character that could steer the terminal."""
        del background
        return [_visible(segment) for segment in segments]


class OnlyAscii(LineFilter):
    """For terminals whose locale is not UTF-8: our glyphs become ASCII, other characters a question mark, widths stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Replace what is not ASCII."""
        del background
        return [segment if segment.control or segment.text.isascii() else _ascii(segment) for segment in segments]


def _visible(segment: Segment) -> Segment:
    text, style, control = segment
    if control or (text.isascii() and text.isprintable()):
        return segment
    return Segment(text.translate(UNSAFE), style, control)


def _ascii(segment: Segment) -> Segment:
    text = segment.text.translate(ASCII)
    kept = "".join(character if character.isascii() else "?" * cell_len(character) for character in text)
    return Segment(kept, segment.style, segment.control)


def add_filters(app: App[Any], *, ascii_only: bool) -> None:
    """Put the filters behind everything that is drawn, toasts included."""
    app._filters.append(NoControl())  # noqa: SLF001 - there is no public place for a filter
    if ascii_only:
        app._filters.append(OnlyAscii())  # noqa: SLF001 - same


def quiet_crash(app: App[Any], error: BaseException) -> None:
    """End the app with a short report: where it happened, and no locals and no message, which may hold secrets."""
    cause = error.error if isinstance(error, WorkerFailed) else error
    frames = traceback.extract_tb(cause.__traceback__)[-FRAMES:]
    where = "\n".join(f"  {_tail(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames)
    report = f"roledeck stopped: {type(cause).__name__}, a fault in the program. Sessions are kept.\n{where}"
    app._return_code = 1  # noqa: SLF001 - exit() cannot be used here: it would wait for a loop that may be gone
    if app._exception is None and isinstance(cause, Exception):  # noqa: SLF001 - run_test() raises it again
        app._exception = cause  # noqa: SLF001 - same
        app._exception_event.set()  # noqa: SLF001 - same
    # one report, printed after the terminal is restored: what falls after it fell because of it
    app._exit_renderables[:] = app._exit_renderables or [Text(report)]  # noqa: SLF001 - there is no public place for it
    app._close_messages_no_wait()  # noqa: SLF001 - as App._fatal_error does


def _tail(path: str) -> str:
    return "/".join(path.replace("\\", "/").rsplit("/", 3)[-2:])


def outlasting(driver: type[Driver], lost: Callable[[], None]) -> type[Driver]:
    """That driver, but one that its terminal's end does not hold up; `lost` is called then, on any thread."""

    class Outlasting(driver):  # type: ignore[misc, valid-type]  # which of Textual's it is depends on the platform
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            file: IO[str] = self.__dict__["_file"]
            self._file = OutlastingFile(file, lost)

    return Outlasting


def put_on(screen: Screen[Any], part: Widget, *, after: Widget | None = None) -> None:
    """Put a part on a screen that it is not on yet; nothing once the app ends, when Textual takes no screen for one that is there."""
    if screen.is_attached and not part.is_attached:
        screen.mount(part, after=after)


def write_terminal(app: App[Any], sequence: str) -> None:
    """Send a sequence to the terminal past everything that is drawn, for the clipboard."""
    if app._driver is not None:  # noqa: SLF001 - copy_to_clipboard would choose the sequence itself
        app._driver.write(sequence)  # noqa: SLF001 - same


def ring_once(timers: MessagePump, seconds: float, callback: Callable[[], object]) -> Timer:
    """A timer that rings once, for certain.

    Textual drops one for good where its moment passes between two looks at the clock, as happens on a busy machine: a table would stay
    half sorted, and the seconds would stand still.
    """
    timer = timers.set_timer(seconds, callback)
    timer._skip = False  # noqa: SLF001 - no parameter of set_timer leads there
    return timer


class Leaf:
    """For a part that has no parts: another size of it needs no second laying out, which Textual does after each that gave it one."""

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:  # noqa: FBT001, FBT002 - Textual's
        del layout
        changed: bool = super()._size_updated(size, virtual_size, container_size, layout=False)  # type: ignore[misc]  # a Widget's
        return changed


class WholeFromTheFirst(Screen[T]):
    """A screen whose first frame is a whole one.

    Textual draws a screen that opens before its parts know their sizes, and again when they do: three drawings of the whole terminal, the
    first two of which show nothing, and a key pressed meanwhile waits for all of them.
    """

    _is_whole = False

    def show_whole(self) -> None:
        """Everything has its place and its rows: now draw."""
        if not self._is_whole:
            self._is_whole = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        if self._is_whole:
            super()._compositor_refresh()


def end_screen(screen: Screen[T], answer: T | None = None) -> None:
    """End a screen wherever it lies; `Screen.dismiss` would take away the one on top, whichever that is."""
    app = screen.app
    if screen not in app.screen_stack:
        return
    if screen is app.screen:
        screen.dismiss(answer)
        return
    app._screen_stack.remove(screen)  # noqa: SLF001 - there is no public way to end a screen that others lie over
    for callback in screen._result_callbacks:  # noqa: SLF001 - same
        callback(answer)
    app.call_later(app._replace_screen, screen)  # noqa: SLF001 - as App.pop_screen does
