"""botocore's HTTP session with an end: no answer takes longer or grows larger than it may, whoever answers.

botocore's own time limits hold for each piece that arrives, so that a name server that hangs, or a host that sends a byte now and then,
would hold a caller for ever; and it reads whatever it is sent into memory, many answers at a time.
"""

from __future__ import annotations

import contextlib
import mmap
import threading
from collections.abc import Mapping
from typing import Any, Self

from botocore.exceptions import ReadTimeoutError, ResponseStreamingError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import ReadTimeoutError as PieceTimeout

from tui_app.deadline import TimeIsUp, within
from tui_app.errors import OutOfReach

LARGEST = 32 * 1024 * 1024
"""Bytes of one answer; AWS's pages are far smaller."""
USUAL = 1024 * 1024
"""Bytes up to which answers come side by side, however many there are."""
LARGE_AT_ONCE = 2
"""So many larger ones are taken in together, whoever asked for them; the others wait where they are, in the network."""
_PIECE = 64 * 1024
_DIGITS = 20
"""More digits than any length has; reading thousands of them would be refused."""
_LOOK = 0.05
"""Seconds between two looks, while an answer waits for its turn, at whether anybody still wants it."""
_turns = threading.Semaphore(LARGE_AT_ONCE)


class BoundedSession:
    """Sends by `inner`, a botocore HTTP session, and gives up after `seconds`."""

    def __init__(self, inner: Any, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    def send(self, request: Any) -> Any:
        """The answer, read whole unless the caller wants to stream it.

        Raises:
            ReadTimeoutError: it is not there in time.
            ResponseStreamingError: it broke off.
            OutOfReach: it is too large to be one of AWS.
            Exception: whatever `inner` raises.
        """
        reading = _Reading()
        try:
            return within(self._seconds, lambda: self._whole(request, reading), "answer")
        except TimeIsUp:
            reading.wake()
            raise ReadTimeoutError(endpoint_url=request.url) from None
        finally:
            reading.end()

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _whole(self, request: Any, reading: _Reading) -> Any:
        streamed, request.stream_output = request.stream_output, True
        try:
            answer = self._inner.send(request)
        finally:
            request.stream_output = streamed
        if not streamed:
            answer._content = _content(request, answer, reading)  # noqa: SLF001 - where botocore keeps what it has read itself
        return answer


class _Reading:
    """The taking in of one answer: a large one has a turn, and once it has ended nothing more of it is taken in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raw: Any = None
        self._has_turn = self._ended = False

    def begin(self, raw: Any) -> None:
        """This is what is read.

        Raises:
            TimeoutError: nobody wants it any more.
        """
        with self._lock:
            self._raw = raw
            if self._ended:
                raise TimeoutError

    def go_on(self, size: int) -> None:
        """Wait, once it has grown to so many bytes, until there is room for the rest.

        Raises:
            TimeoutError: nobody wants it any more.
        """
        while not self._may_go_on(size):
            pass

    def end(self) -> None:
        """Give the turn back."""
        with self._lock:
            if self._has_turn:
                _turns.release()
            self._has_turn, self._ended = False, True

    def wake(self) -> None:
        """Have a thread that waits for the rest end: a host that sends a byte now and then would keep it and its connection for ever."""
        with self._lock, contextlib.suppress(AttributeError, OSError, RuntimeError, ValueError):  # nothing to wake, or urllib3 is too old
            self._ended = True
            self._raw.shutdown()

    def _may_go_on(self, size: int) -> bool:
        taken = size > USUAL and not self._has_turn and _turns.acquire(timeout=_LOOK)
        with self._lock:
            if self._ended:
                if taken:
                    _turns.release()
                raise TimeoutError
            self._has_turn |= taken
            return size <= USUAL or self._has_turn


def _content(request: Any, answer: Any, reading: _Reading) -> bytes:
    """All bytes of an answer; one that breaks off is told as botocore tells it where it reads by itself, so that it is asked for again.

    Raises:
        ReadTimeoutError, ResponseStreamingError: not all of it came.
        OutOfReach: it is too large to be one of AWS.
    """
    if request.method != "HEAD" and _promised(answer.headers) > LARGEST:
        answer.raw.close()
        raise _too_large()
    try:
        content = _read(answer.raw, reading)
    except PieceTimeout:
        raise ReadTimeoutError(endpoint_url=request.url) from None
    except (HTTPError, OSError) as failure:
        raise ResponseStreamingError(error=type(failure).__name__) from None
    if request.method != "HEAD" and _broke_off(answer.headers, content):
        raise ResponseStreamingError(error="fewer bytes than promised")
    return content


def _broke_off(headers: Mapping[str, str], content: bytes) -> bool:
    """Whether fewer bytes came than were promised, which botocore tells urllib3 not to mind."""
    return _promised(headers) > len(content) and "content-encoding" not in headers


def _promised(headers: Mapping[str, str]) -> int:
    """How many bytes were promised; 0 where nothing was."""
    length = headers.get("content-length", "")
    return int(length[:_DIGITS]) if length.isascii() and length.isdigit() else 0


def _read(raw: Any, reading: _Reading) -> bytes:
    with _Pieces() as pieces:
        try:
            reading.begin(raw)
            for piece in raw.stream(_PIECE):
                pieces.add(piece)
                reading.go_on(pieces.size)
        except BaseException:
            raw.close()
            raise
        return pieces.joined()


class _Pieces:
    """What has come; once it is large, in pages of its own: a thread's small objects are seldom given back to the system."""

    def __init__(self) -> None:
        self.size = 0
        self._pieces: list[bytes] = []
        self._pages: mmap.mmap | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pieces.clear()  # a failure keeps the frames that it came through, and these would stay with it
        if self._pages is not None:
            self._pages.close()

    def add(self, piece: bytes) -> None:
        """Keep one more.

        Raises:
            OutOfReach: it is too large to be one of AWS.
        """
        self.size += len(piece)
        if self.size > LARGEST:
            raise _too_large()
        self._pieces.append(piece)
        if self.size > USUAL:
            self._pages = self._pages or mmap.mmap(-1, LARGEST)
            self._pages.write(b"".join(self._pieces))
            self._pieces.clear()

    def joined(self) -> bytes:
        """All of it."""
        return self._pages[: self.size] if self._pages is not None else b"".join(self._pieces)


def _too_large() -> OutOfReach:
    return OutOfReach(
        "The answer is far larger than any of AWS.",
        "A proxy or another server may have answered instead; check the network and the endpoint.",
        cause="not_aws",
    )
