"""botocore's HTTP session with an end: no answer takes longer or grows larger than it may, whoever answers.

botocore's own time limits hold for each piece that arrives, so that a name server that hangs, or a host that sends a byte now and then,
would hold a caller for ever; and it reads whatever it is sent, unpacked, into memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ReadTimeoutError, ResponseStreamingError
from urllib3.exceptions import HTTPError
from urllib3.exceptions import ReadTimeoutError as PieceTimeout

from tui_app.deadline import TimeIsUp, within
from tui_app.errors import OutOfReach

LARGEST = 32 * 1024 * 1024
"""Bytes of one answer, unpacked; AWS's pages are far smaller."""
_PIECE = 64 * 1024
_DIGITS = 20
"""More digits than any length has; reading thousands of them would be refused."""


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
        try:
            return within(self._seconds, lambda: self._whole(request), "answer")
        except TimeIsUp:
            # the thread ends with its connection
            raise ReadTimeoutError(endpoint_url=request.url) from None

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _whole(self, request: Any) -> Any:
        streamed, request.stream_output = request.stream_output, True
        try:
            answer = self._inner.send(request)
        finally:
            request.stream_output = streamed
        if not streamed:
            answer._content = _content(request, answer)  # noqa: SLF001 - where botocore keeps what it has read itself
        return answer


def _content(request: Any, answer: Any) -> bytes:
    """All bytes of an answer; one that breaks off is told as botocore tells it where it reads by itself, so that it is asked for again.

    Raises:
        ReadTimeoutError, ResponseStreamingError: not all of it came.
        OutOfReach: it is too large to be one of AWS.
    """
    if request.method != "HEAD" and _promised(answer.headers) > LARGEST:
        answer.raw.close()
        raise _too_large()
    try:
        content = _read(answer.raw)
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


def _read(raw: Any) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in raw.stream(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raw.close()
            pieces.clear()  # a failure keeps the frames that it came through, and this would stay with it
            raise _too_large()
        pieces.append(piece)
    return b"".join(pieces)


def _too_large() -> OutOfReach:
    return OutOfReach(
        "The answer is far larger than any of AWS.",
        "A proxy or another server may have answered instead; check the network and the endpoint.",
        cause="not_aws",
    )
