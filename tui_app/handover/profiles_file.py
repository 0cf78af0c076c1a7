"""The shared config file itself: read with its stamp, replaced whole or not at all, through links, and never over somebody's edit.

A link stays a link: the file it leads to is replaced, in that file's own folder. Mode, owner and extended attributes are kept as far as
the system lets us.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256

from tui_app import paths
from tui_app.catalog.reading import ABSENT, read_file
from tui_app.errors import ConfigUnusable, RoledeckError
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.locks import held
from tui_app.text import clean, plural
from tui_app.values import frozen

PATIENCE = 5.0
"""Seconds to wait for another roledeck that writes the same file."""
STALE = 60
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PREFIX, _SUFFIX = ".roledeck-", ".tmp"

Stamp = tuple[int, ...]
"""Device, inode, size, modification and change time in nanoseconds; empty for a file that is not there."""


@frozen
class ConfigFile:
    """A config file as it was read: `path` is its name, `target` what the links lead to, `shown` its name for people."""

    path: str
    target: str
    shown: str
    content: bytes
    stamp: Stamp
    names: int = 1

    @property
    def absent(self) -> bool:
        """Whether there is no such file."""
        return not self.stamp


def read_config_file(environ: Mapping[str, str]) -> ConfigFile:
    """The AWS shared config file, where `environ` says it is; one that is not there is empty.

    Raises:
        ConfigUnusable: it is not a regular file, cannot be read, or is being written just now.
    """
    return read_shared_file(paths.shared_config_file(environ), environ)


def read_shared_file(path: str, environ: Mapping[str, str]) -> ConfigFile:
    """Any file of the shared configuration; one that is not there is empty.

    Raises:
        ConfigUnusable: it is not a regular file, cannot be read, or is being written just now.
    """
    path = os.path.abspath(path)
    shown, target = clean(paths.shown(path, environ)), os.path.realpath(path)
    before = _facts(target, shown)
    if before is not None and not stat.S_ISREG(before.st_mode):
        raise ConfigUnusable(f"{shown} is not a regular file.", "AWS_CONFIG_FILE names the file that profiles are written to.", path)
    content, trouble = read_file(target)
    if trouble and (trouble != ABSENT or before is not None):
        raise ConfigUnusable(f"{shown} {clean(trouble)}.", "Nothing was written.", path)
    stamp = _stamp(before)
    if stamp != _stamp(_facts(target, shown)):
        raise _changed(shown)
    return ConfigFile(path, target, shown, content, stamp, before.st_nlink if before else 1)


def write_config_file(file: ConfigFile, content: bytes | None, environ: Mapping[str, str]) -> None:
    """Put `content` in place of what was read, or remove the file (None).

    Raises:
        RoledeckError: it cannot be written, has changed since it was read, or another roledeck holds it; then nothing has changed.
    """
    with _alone(file, environ):
        try:
            _refuse_changed(file)
            if content is None:
                os.unlink(file.target)
            else:
                _replace(file, content)
        except OSError as failure:
            reason = (failure.strerror or "unknown reason").lower()
            raise RoledeckError(f"{file.shown} cannot be written: {reason}.", "It is as it was before.") from None


def remarks(file: ConfigFile) -> list[str]:
    """What a person should know before the file is replaced."""
    said = []
    if file.names > 1:
        said.append(f"{file.shown} has {plural(file.names, 'name')} (hard links); only this one will change.")
    if file.target != file.path and os.path.islink(file.path):
        said.append(f"{file.shown} is a link; what changes is {clean(file.target)}.")
    return said


@contextlib.contextmanager
def _alone(file: ConfigFile, environ: Mapping[str, str]) -> Iterator[None]:
    folder = PrivateFolder(paths.state_folder(environ))
    name = "config-" + sha256(os.fsencode(file.target)).hexdigest()[:16]
    try:
        with held(folder, name, lambda: False, PATIENCE) as mine:
            if not mine:
                raise RoledeckError(f"Another roledeck is writing {file.shown}.", "Try again when it is done.")
            yield
    finally:
        folder.close()


def _replace(file: ConfigFile, content: bytes) -> None:
    if file.stamp and not os.access(file.target, os.W_OK):
        raise RoledeckError(f"{file.shown} is read-only.", f"chmod u+w {clean(file.target)}, if it is yours to change.")
    folder = os.path.dirname(file.target)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    _sweep(folder)
    temporary = os.path.join(folder, f"{_PREFIX}{os.getpid()}-{os.urandom(6).hex()}{_SUFFIX}")
    descriptor = os.open(temporary, _CREATE, 0o600)
    try:
        _fill(descriptor, content, file)
        _refuse_changed(file)
        os.rename(temporary, file.target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    with contextlib.suppress(OSError):
        # the file is in place; only a power cut could still lose it
        _sync_folder(folder)


def _fill(descriptor: int, content: bytes, file: ConfigFile) -> None:
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if file.stamp:
            _make_alike(descriptor, file.target)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_alike(descriptor: int, target: str) -> None:
    """Owner, extended attributes (access lists among them) and mode of the file that is replaced, as far as they can be had."""
    facts = os.stat(target)
    for owner in (facts.st_uid, -1):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, owner, facts.st_gid)
            break
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(target, name))
    os.fchmod(descriptor, stat.S_IMODE(facts.st_mode))


def _refuse_changed(file: ConfigFile) -> None:
    if os.path.realpath(file.path) != file.target or _stamp(_facts(file.target, file.shown)) != file.stamp:
        raise _changed(file.shown)


def _changed(shown: str) -> ConfigUnusable:
    return ConfigUnusable(f"{shown} was changed by another program meanwhile.", "Nothing was written; run this again.", shown)


def _facts(target: str, shown: str) -> os.stat_result | None:
    try:
        return os.stat(target)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as failure:
        reason = (getattr(failure, "strerror", None) or "the path is not valid").lower()
        raise ConfigUnusable(f"{shown} cannot be read: {reason}.", "Nothing was written.", shown) from None


def _stamp(facts: os.stat_result | None) -> Stamp:
    return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns) if facts else ()


def _sweep(folder: str) -> None:
    """Take away our own temporary files that a roledeck which died has left here."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            place = os.path.join(folder, name)
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX) and time.time() - os.lstat(place).st_mtime > STALE:
                os.unlink(place)


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
