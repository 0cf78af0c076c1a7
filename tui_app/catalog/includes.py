"""Files that `include` names in `config.toml` and in fragments: accounts and roles that a team shares.

Others write them, so only accounts and environments are taken, nothing that runs a program, and they include nothing themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from tui_app import paths
from tui_app.catalog.stamps import FileStamp, stamp
from tui_app.catalog.user_tables import Read, read_tables
from tui_app.model import Origin, Problem
from tui_app.text import clean, plural
from tui_app.values import frozen

LIMIT = 500
"""Files of one `include`: more is a pattern that means something else."""


@frozen
class Included:
    """The files read, in the order their patterns are written and by name within each; `stamps` also has the folders looked into."""

    files: tuple[Read, ...]
    stamps: tuple[FileStamp, ...]
    remarks: tuple[Problem, ...]


@frozen
class Match:
    """What a pattern leads to: files by name, and the folders whose change may change that. `several` where it has a `*`."""

    files: tuple[str, ...]
    folders: tuple[str, ...]
    several: bool


def read_includes(read: Iterable[Read], environ: Mapping[str, str]) -> Included:
    """Read what these files include; a file that was read before is not read again, so no circle is endless."""
    read = tuple(read)
    known = {os.path.realpath(file.path) for file in read}
    files: list[Read] = []
    stamps: list[FileStamp] = []
    remarks: list[Problem] = []
    for file in read:
        for pattern, origin in file.includes:
            match = match_files(pattern, file.path, environ)
            stamps += map(stamp, (*match.folders, *match.files))
            if match.several and not match.files:
                sentence = f"No file is called {clean(pattern)}."
                remarks.append(Problem("empty_include", sentence, origin, "Files that come later are read then."))
            if len(match.files) > LIMIT:
                sentence = f"{clean(pattern)} means {plural(len(match.files), 'file')}, and only {LIMIT} are read."
                files.append(Read(pattern, None, (Problem("too_many_files", sentence, origin, "Name fewer."),)))
            for path in match.files[:LIMIT]:
                if os.path.realpath(path) in known:
                    remarks.append(Problem("included_twice", f"{clean(path)} is read already.", origin, "It counts once."))
                    continue
                known.add(os.path.realpath(path))
                files.append(_read(path, origin))
    return Included(tuple(files), tuple(dict.fromkeys(stamps)), tuple(remarks))


def match_files(pattern: str, beside: str, environ: Mapping[str, str]) -> Match:
    """What the pattern means when it is written in the file `beside`: `~` is the home folder, a relative path starts at that file."""
    import glob  # with `re`: only who includes something pays for it

    path = os.path.normpath(os.path.join(os.path.dirname(beside), paths.expand(pattern, environ)))
    if os.path.lexists(path) or not glob.has_magic(path):
        return Match((path,), (), several=False)
    folders: list[str] = []
    parts = path.split(os.sep)
    for number in range(1, len(parts)):
        if glob.has_magic(parts[number]):
            above = os.sep.join(parts[:number]) or os.sep
            folders += glob.glob(above) if glob.has_magic(above) else [above]
    return Match(tuple(sorted(glob.glob(path))), tuple(sorted(folder for folder in folders if not os.path.isfile(folder))), several=True)


def _read(path: str, origin: Origin) -> Read:
    file = read_tables(path, expected=True, shared=True)
    if file.tables is not None:
        return file
    if not os.path.lexists(path):
        problem = Problem("missing_include", f"{clean(path)} is not there.", origin, "Mend the path, or take it out of include.")
        return Read(path, None, (problem,))
    by = f"It is included at {origin}."
    return Read(path, None, tuple(Problem(item.kind, item.message, item.where, f"{item.mend} {by}".strip()) for item in file.problems))
