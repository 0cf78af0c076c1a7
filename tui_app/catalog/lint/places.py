"""Rules about the files themselves: who may read and change them, how they end their lines, and whether they are where they should be."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tui_app.catalog.ini_file import Section
from tui_app.catalog.lint.findings import Found, Rule
from tui_app.catalog.lint.processes import PROCESS, others_may, others_may_change
from tui_app.catalog.lint.written import old_line_end
from tui_app.catalog.sources import SECRET_KEY
from tui_app.model import Origin
from tui_app.text import clean


class Place(NamedTuple):
    """One shared file and the profiles in it."""

    path: str
    profiles: Mapping[str, Section]

    @property
    def whole(self) -> Origin:
        """The file as a whole."""
        return Origin(self.path, 0)


def _readable(place: Place) -> Iterator[Found]:
    if not any(SECRET_KEY in section.values for section in place.profiles.values()):
        return
    if others_may(place.path, read=True):
        mode = stat.S_IMODE(os.stat(place.path).st_mode)
        message = f"The file holds secret keys, and others on this machine may read or change it (mode {mode:03o})."
        yield Found(place.whole, message, f"Run chmod 600 {clean(place.path, 200)}")


def _writable(place: Place) -> Iterator[Found]:
    if not any(PROCESS in section.values for section in place.profiles.values()):
        return
    for path in (place.path, os.path.dirname(place.path)):
        if others_may_change(path):
            message = f"The file names programs to run, and others on this machine may change {clean(path, 200)}."
            yield Found(place.whole, message, f"Run chmod go-w {clean(path, 200)}")
            return


def _old_line_ends(place: Place) -> Iterator[Found]:
    if line := old_line_end(place.path):
        message = "This line ends with a carriage return alone: the AWS CLI ends it there, the JavaScript and Go SDKs read on."
        yield Found(Origin(place.path, line), message, "Save the file with ordinary line ends.")


def _broken_link(place: Place) -> Iterator[Found]:
    if os.path.islink(place.path) and not os.path.exists(target := os.path.realpath(place.path)) and not os.path.islink(target):
        message = f"The file is a link to {clean(target, 200)}, which is not there; every tool takes it for absent."
        yield Found(place.whole, message, "Put that file there, or remove the link.")


PLACE_RULES: Mapping[str, Rule[Place]] = {
    "secrets_readable": Rule("warning", "A file with secret keys that others may read.", _readable),
    "file_writable": Rule("warning", "A file with a credential_process that others may change.", _writable),
    "broken_link": Rule("warning", "A file that is a link to nothing.", _broken_link),
    "old_line_end": Rule("warning", "A line that ends with a carriage return alone.", _old_line_ends),
}
