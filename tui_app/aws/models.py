"""Service models that are read no further than somebody asks: what one operation needs, and none of the documentation.

botocore reads the whole model of a service for its first client, in one call that no other thread gets a turn in (30 ms for EC2, with the
screen among those who wait), and keeps it: 70 MiB for a first sight. Here the file is unpacked, which lets others run, its entries are
found by their place in it, and an operation is parsed when it is called, with the shapes it reaches. The file stays packed in memory, so
that an operation asked for later comes from the same version of botocore.

What botocore goes through a whole model for, it meets, and no more: the operations that endpoint discovery hangs on, and the exceptions.

Source: the files of botocore, all of which have one entry to a line and start of four spaces; what is not found so is read as botocore
reads it.
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

SERVICE_MODEL = "service-2"
_GZIP = 31
"""What zlib calls a file with a gzip header."""
_SECTION = re.compile(rb'\n  "(\w+)":')
_ENTRY = re.compile(rb'\n    "([^"\\\n]+)":\s*(?=\{)')
_SHAPE = re.compile(rb'"shape":\s*"([^"\\]+)"')
_MET = {
    "operations": re.compile(rb'"endpointoperation":\s*true|"endpointdiscovery":\s*\{\s*"required":\s*true'),
    "shapes": re.compile(rb'"exception":\s*true'),
}
_UNPACKED = 6 * 1024 * 1024
"""Bytes of unpacked files kept for what is asked for next, as one service is often asked for several operations at once."""


class Unfit(Exception):
    """The file is not laid out so that its entries can be found by their place."""


def lean_model(path: str) -> dict[str, Any]:
    """The model in a packed file, as botocore's loader gives it but with empty `documentation`; its entries are read as they are asked for.

    Raises:
        Unfit: it cannot be read so.
        OSError: it is not there.
    """
    with open(path, "rb") as file:
        source = _Source(file.read())
    try:
        text = _UNPACKING.text(source)
        frame = text.frame()
        source.entries = {part: _Entries(source, part, text.met(part)) for part in _MET}
    except (zlib.error, ValueError, KeyError) as failure:
        raise Unfit from failure
    return frame | source.entries


class _Entries(dict[str, Any]):
    """The operations or the shapes of a model. All can be asked for; going through them meets those that botocore looks for."""

    def __init__(self, source: _Source, part: str, met: tuple[str, ...]) -> None:
        super().__init__()
        self._source, self._part, self._met = source, part, met

    def __missing__(self, name: str) -> Any:
        return self._source.read(self._part, name)

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict's, of all entries."""
        try:
            return self[name]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return iter(self._met)

    def __len__(self) -> int:
        return len(self._met)


class _Source:
    """A packed file and what has been read of it; for any number of threads."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self.entries: dict[str, _Entries] = {}
        self._lock = threading.Lock()

    def read(self, part: str, name: str) -> Any:
        """An entry, put into its place after all shapes that it reaches.

        Raises:
            KeyError: there is none of that name.
        """
        with self._lock:
            known = self.entries[part]
            if not dict.__contains__(known, name):
                try:
                    self._take(part, name, _UNPACKING.text(self))
                except (KeyError, ValueError):
                    known[name] = json.loads(zlib.decompress(self.packed, _GZIP))[part][name]
            return dict.__getitem__(known, name)

    def _take(self, part: str, name: str, text: _Text) -> None:
        own = text.entry(part, name)
        shapes = self.entries["shapes"]
        found: dict[str, bytes] = {}
        reached = _reached(own)
        while reached:
            shape = reached.pop()
            if shape not in found and not dict.__contains__(shapes, shape):
                found[shape] = text.entry("shapes", shape)
                reached |= _reached(found[shape])
        parsed = _parsed(b"[" + b",".join([*found.values(), own]) + b"]")
        for shape, value in zip(found, parsed, strict=False):
            shapes[shape] = value
        self.entries[part][name] = parsed[-1]


class _Text:
    """An unpacked file, and where its sections and entries are.

    Raises:
        ValueError: it has no section of operations or none of shapes.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sections = _places(content, _SECTION, 0, content.rindex(b"}"))
        if not _MET.keys() <= self.sections.keys():
            raise ValueError
        self.places = {part: _places(content, _ENTRY, self.sections[part][0], self.sections[part][1] - 1) for part in _MET}

    def frame(self) -> dict[str, Any]:
        """The sections without entries.

        Raises:
            ValueError: they are no JSON.
        """
        others = ((name, place) for name, place in self.sections.items() if name not in _MET)
        members = (b'"%s":%s' % (name.encode(), self.content[start:end]) for name, (start, end) in others)
        frame: dict[str, Any] = _parsed(b"{" + b",".join(members) + b"}")
        return frame

    def entry(self, part: str, name: str) -> bytes:
        """What is written under a name.

        Raises:
            KeyError: nothing is.
        """
        start, end = self.places[part][name]
        return self.content[start:end]

    def met(self, part: str) -> tuple[str, ...]:
        """The names of the entries that botocore looks for when it goes through all."""
        places = self.places[part]
        names, starts = list(places), [start for start, _ in places.values()]
        hits = _MET[part].finditer(self.content, *self.sections[part])
        return tuple(dict.fromkeys(names[bisect_right(starts, hit.start()) - 1] for hit in hits))


class _Unpacking:
    """The files unpacked last."""

    def __init__(self) -> None:
        self._texts: OrderedDict[int, tuple[_Source, _Text]] = OrderedDict()
        self._lock = threading.Lock()

    def text(self, source: _Source) -> _Text:
        """A file's text, unpacked if it is not at hand.

        Raises:
            zlib.error, ValueError: it is no packed file, or laid out otherwise.
        """
        with self._lock:
            if id(source) in self._texts:
                self._texts.move_to_end(id(source))
                return self._texts[id(source)][1]
        text = _Text(zlib.decompress(source.packed, _GZIP))
        with self._lock:
            self._texts[id(source)] = source, text
            while len(self._texts) > 1 and sum(len(kept.content) for _, kept in self._texts.values()) > _UNPACKED:
                self._texts.popitem(last=False)
        return text


_UNPACKING = _Unpacking()


def _places(content: bytes, pattern: re.Pattern[bytes], start: int, end: int) -> dict[str, tuple[int, int]]:
    """Where the value of each name begins and ends, between two places."""
    found = [(match[1].decode(), match.start(), match.end()) for match in pattern.finditer(content, start, end)]
    stops = [*(began for _, began, _ in found[1:]), end]
    return {name: (after, _end_of_value(content, after, stop)) for (name, _, after), stop in zip(found, stops, strict=True)}


def _end_of_value(content: bytes, start: int, stop: int) -> int:
    """`stop` without the comma and the white space before it."""
    while stop > start and content[stop - 1] in b", \n\r":
        stop -= 1
    return stop


def _reached(text: bytes) -> set[str]:
    return {name.decode() for name in _SHAPE.findall(text)}


def _parsed(text: bytes) -> Any:
    return json.loads(text, object_hook=_without_words)


def _without_words(found: dict[str, Any]) -> dict[str, Any]:
    """An object with its documentation emptied; being called, it lets other threads have their turn."""
    if isinstance(found.get("documentation"), str):
        found["documentation"] = ""
    return found
