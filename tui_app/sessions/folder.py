"""A folder of private files: everything by its descriptor, nothing followed, old-or-new writes, other people's files not touched."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
import time
from collections.abc import Iterator

FILE_LIMIT = 64 * 1024
PRIVATE = 0o077
"""Mode bits that nobody else may have on our files."""
STALE = 60
"""Seconds after which a temporary file was left behind by a program that died."""
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_TEMPORARY = ".tmp"
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class PrivateFolder:
    """One folder, opened when first used; `create` False leaves a folder that is not there alone.

    Every method raises OSError where the folder cannot be used: a link, another owner's, read-only, gone and not to be made again.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._fd = -1
        self._opening = threading.Lock()
        self._swept = False
        self._gone: list[int] = []
        """Descriptors of a folder that was removed; another thread may still be using one, so they stay open."""

    def get(self, name: str, limit: int = FILE_LIMIT) -> bytes | None:
        """The bytes of a file that is certainly ours: regular, own, private, one link, not large. Else None."""
        try:
            fd = os.open(name, _READ, dir_fd=self._opened(create=False))
        except OSError as failure:
            if failure.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.EACCES, errno.ENODEV, errno.EMLINK}:
                return None
            raise
        try:
            facts = os.fstat(fd)
            ours = stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & PRIVATE
            data = _read_whole(fd, limit + 1) if ours and facts.st_nlink == 1 and facts.st_size <= limit else None
        finally:
            os.close(fd)
        return data if data is None or len(data) <= limit else None

    def put(self, name: str, data: bytes) -> None:
        """Replace a file whole, on disk when this returns; at any crash the old or the new one is there."""
        try:
            self._put(name, data)
        except FileNotFoundError:
            # the folder was removed while it was open: make it again, once
            with self._opening:
                self._leave()
            self._put(name, data)
        if not self._swept:
            # once for each program that writes here: what another one left behind when it was killed
            self._swept = True
            self.sweep()

    def try_out(self, size: int) -> None:
        """Write so many bytes and take them away again: whether what comes next could be kept."""
        name = f".room.{os.getpid()}{_TEMPORARY}"
        try:
            self.put(name, bytes(size))
        finally:
            self.remove(name)

    def append(self, name: str, line: bytes) -> None:
        """Add a line to a file, in one write."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(name, flags, 0o600, dir_fd=self._opened(create=True))
        try:
            facts = os.fstat(fd)
            _refuse_foreign(facts.st_uid if stat.S_ISREG(facts.st_mode) else -1)
            os.fchmod(fd, 0o600)
            os.write(fd, line)
        finally:
            os.close(fd)

    def remove(self, name: str) -> bool:
        """Take a file away; False where there is none."""
        try:
            os.unlink(name, dir_fd=self._opened(create=False))
        except OSError:
            return False
        return True

    def names(self) -> list[str]:
        """The names in the folder, sorted; none where there is no folder."""
        try:
            return sorted(os.listdir(self._opened(create=False)))
        except FileNotFoundError:
            return []

    def changed(self) -> int:
        """When the folder last changed, in nanoseconds; 0 where there is none."""
        try:
            return os.fstat(self._opened(create=False)).st_mtime_ns
        except FileNotFoundError:
            return 0

    def size(self, name: str) -> int:
        """The size of a file in bytes; 0 where there is none."""
        try:
            return os.stat(name, dir_fd=self._opened(create=False), follow_symlinks=False).st_size
        except FileNotFoundError:
            return 0

    def rename(self, name: str, new_name: str) -> None:
        """Give a file another name, in place of what had it."""
        fd = self._opened(create=False)
        os.rename(name, new_name, src_dir_fd=fd, dst_dir_fd=fd)

    def sweep(self) -> None:
        """Take away temporary files that a program which died has left."""
        with contextlib.suppress(OSError):
            for name in self.names():
                # a time to come, too: the clock was set back since
                if name.endswith(_TEMPORARY) and abs(time.time() - self._modified(name)) > STALE:
                    self.remove(name)

    @contextlib.contextmanager
    def lock_file(self, name: str) -> Iterator[int]:
        """The descriptor of a lock file, made if needed; closing it lets the lock go."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        fd = os.open(name, flags, 0o600, dir_fd=self._opened(create=True))
        try:
            facts = os.fstat(fd)
            if facts.st_uid == os.geteuid() and stat.S_IMODE(facts.st_mode) != 0o600:  # noqa: PLR2004 - the mode it was made with
                # a umask has taken our own bits away: the next one could not open it
                os.fchmod(fd, 0o600)
            yield fd
        finally:
            os.close(fd)

    def close(self) -> None:
        """Let the descriptors go; the next use opens the folder again."""
        for fd in (self._fd, *self._gone):
            if fd >= 0:
                os.close(fd)
        self._fd, self._gone = -1, []

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            self.close()

    def _modified(self, name: str) -> float:
        return os.stat(name, dir_fd=self._opened(create=False), follow_symlinks=False).st_mtime

    def _put(self, name: str, data: bytes) -> None:
        folder = self._opened(create=True)
        # unique without `random` or `secrets`, whose import would cost the hot path 5 ms
        temporary = f".{name}.{os.getpid()}.{os.urandom(6).hex()}{_TEMPORARY}"
        fd = os.open(temporary, _CREATE, 0o600, dir_fd=folder)
        try:
            _write_whole(fd, data)
            _rename(temporary, name, folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        with contextlib.suppress(OSError):
            # the new file is in place; only a power cut could still lose it
            os.fsync(folder)

    def _opened(self, *, create: bool) -> int:
        with self._opening:
            if self._fd >= 0 and os.fstat(self._fd).st_nlink == 0 and not os.path.samestat(os.fstat(self._fd), _facts(self.path)):
                # it was removed while it was open; another program may have made it again
                self._leave()
            if self._fd < 0:
                self._fd = _open_folder(self.path, create=create)
            return self._fd

    def _leave(self) -> None:
        self._gone.append(self._fd)
        self._fd = -1


def _facts(path: str) -> os.stat_result:
    """The facts of a folder; those of the root, which no folder of ours is, where there is none."""
    try:
        return os.lstat(path)
    except OSError:
        return os.lstat("/")


def _read_whole(fd: int, limit: int) -> bytes:
    parts, left = [], limit
    while left and (part := os.read(fd, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _rename(temporary: str, name: str, folder: int) -> None:
    try:
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except (IsADirectoryError, FileExistsError):
        # an empty folder in the file's place holds nothing; a full one is somebody's, and stays
        os.rmdir(name, dir_fd=folder)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def _write_whole(fd: int, data: bytes) -> None:
    try:
        os.fchmod(fd, 0o600)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def _open_folder(path: str, *, create: bool) -> int:
    if create:
        _make_folder(path)
    fd = os.open(path, _DIRECTORY)
    try:
        facts = os.fstat(fd)
        _refuse_foreign(facts.st_uid)
        if facts.st_mode & PRIVATE:
            os.fchmod(fd, 0o700)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _refuse_foreign(owner: int) -> None:
    if owner != os.geteuid():
        raise OSError(errno.EPERM, "it belongs to somebody else")


def _make_folder(path: str) -> None:
    parent = os.path.dirname(path)
    if parent and parent != path and not os.path.isdir(parent):
        _make_folder(parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
        # a umask may have taken our own bits away
        os.chmod(path, 0o700)
