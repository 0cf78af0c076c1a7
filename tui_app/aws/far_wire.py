"""What crosses between the screen's process and the far side: frames, plain values in them, and failures with all their fields.

Values are pickled, because answers of AWS hold moments, bytes and decimals, and nothing else in the standard library is as quick. Only a
few types of Python's own may come out again, none of which runs anything.
"""

from __future__ import annotations

import io
import pickle
import socket
import struct
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

from tui_app import errors
from tui_app.aws.paging import Paging
from tui_app.errors import RoledeckError

HELLO = 0
"""The number of the first frame in each direction; requests count from 1."""
LARGEST = 1 << 30
"""Bytes of one frame. A door lets no answer through that is larger than a thirtieth of it."""
_HEADER = struct.Struct(">QQ")


def nothing() -> None:
    """What stands where something was that is not plain."""


_PLAIN = (date, datetime, timedelta, timezone, Decimal, OrderedDict)
_NAMED = (*_PLAIN, nothing)
"""All that may be named in what comes in, and called there."""
_KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RoledeckError)}


def send(line: socket.socket, number: int, content: bytes) -> None:
    """Write one frame.

    Raises:
        OSError: the other process has gone, or takes nothing for too long.
    """
    line.sendall(_HEADER.pack(number, len(content)) + content)


def receive(line: socket.socket) -> tuple[int, bytes | bytearray]:
    """The number and the content of the next frame.

    Raises:
        EOFError: the other process has gone, or what it sends is no frame.
        OSError: the same, told otherwise.
    """
    number, size = _HEADER.unpack(_exactly(line, _HEADER.size))
    if size > LARGEST:
        raise EOFError
    return number, _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytearray:
    content = bytearray(size)
    rest = memoryview(content)
    while rest:
        count = line.recv_into(rest)
        if not count:
            raise EOFError
        rest = rest[count:]
    return content


def packed(value: object) -> bytes:
    """A plain value as bytes. What is not plain, such as the open stream of an object, is left out: None stands in its place."""
    stream = io.BytesIO()
    _Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()


def unpacked(content: bytes | bytearray) -> Any:
    """The value that was packed; every moment with a time zone is in UTC.

    Raises:
        Exception: it is nothing that `packed` makes.
    """
    return _Unpickler(io.BytesIO(content)).load()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """How anything but texts, figures, lists and the like is written."""
        if isinstance(value, datetime) and value.tzinfo is not None and not isinstance(value.tzinfo, timezone):
            return value.astimezone(UTC).__reduce_ex__(pickle.HIGHEST_PROTOCOL)  # botocore's zones are dateutil's
        if isinstance(value, tzinfo) or type(value) in _PLAIN or any(value is one for one in _NAMED):
            return NotImplemented
        return nothing, ()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """One of the few types that are plain."""
        named = next((one for one in _NAMED if (one.__module__, one.__qualname__) == (module, name)), None)
        if named is None:
            raise pickle.UnpicklingError
        return named


def paging_fields(paging: Paging | None) -> tuple[Any, ...] | None:
    """What a `Paging` is made of, in the order in which it takes it: that is plain; None for none."""
    return None if paging is None else (paging.asked, paging.answered, paging.more)


def answered(value: object) -> tuple[str, object]:
    """An answer, to be packed."""
    return "", value


def failed(failure: RoledeckError) -> tuple[str, Mapping[str, object]]:
    """A failure with all its fields, to be packed; one of a class that is not in `errors` goes as the nearest that is."""
    name = next(kind.__name__ for kind in type(failure).__mro__ if kind.__name__ in _KINDS)
    return name, dict(vars(failure))


def outcome(content: bytes | bytearray) -> Any:
    """The answer in a frame.

    Raises:
        RoledeckError: the failure in it.
        Exception: it is neither.
    """
    name, value = unpacked(content)
    if not name:
        return value
    kind = _KINDS[name]
    failure = kind.__new__(kind, value["message"])
    vars(failure).update(value)
    raise failure
