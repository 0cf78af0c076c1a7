"""botocore's HTTP session with an end: no answer takes longer or grows larger than it may, whoever answers.

botocore's own time limits hold for each piece that arrives, so that a name server that hangs, or a host that sends a byte now and then,
would hold a caller for ever; and it reads whatever it is sent, unpacked, into memory.
"""

from __future__ import annotations

import threading
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tui_app.errors import OutOfReach

LARGEST = 32 * 1024 * 1024
"""Bytes of one answer, unpacked; AWS's pages are far smaller."""
_PIECE = 64 * 1024


class BoundedSession:
    """Sends by `inner`, a botocore HTTP session, and gives up after `seconds`."""

    def __init__(self, inner: Any, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    def send(self, request: Any) -> Any:
        """The answer, read whole unless the caller wants to stream it.

        Raises:
            ReadTimeoutError: it is not there in time.
            OutOfReach: it is too large to be one of AWS.
            Exception: whatever `inner` raises.
        """
        ended, outcome = threading.Event(), _Outcome()

        def work() -> None:
            try:
                outcome.answer = self._whole(request)
            except BaseException as failure:  # noqa: BLE001 - it is raised again where the caller waits
                outcome.failure = failure
            finally:
                ended.set()

        threading.Thread(target=work, name="answer", daemon=True).start()
        if not ended.wait(self._seconds):
            # the thread is left to itself: it ends with its connection
            raise ReadTimeoutError(endpoint_url=request.url)
        if outcome.failure is not None:
            raise outcome.failure
        return outcome.answer

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
            answer._content = _read(answer.raw)  # noqa: SLF001 - where botocore keeps what it has read itself
        return answer


class _Outcome:
    """What came of a request on its thread."""

    answer: Any = None
    failure: BaseException | None = None


def _read(raw: Any) -> bytes:
    pieces, size = [], 0
    for piece in raw.stream(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raw.close()
            raise OutOfReach(
                "The answer is far larger than any of AWS.",
                "A proxy or another server may have answered instead; check the network and the endpoint.",
            )
        pieces.append(piece)
    return b"".join(pieces)
