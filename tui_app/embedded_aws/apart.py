"""The embedded AWS in a process of its own, so that its work takes no time from the screen's.

Socket, secret and files are made here, in milliseconds, and the socket is handed on: what connects meanwhile waits in the system's
queue. The two processes talk over a pair of sockets, one JSON object a line; `apart_main` is the other end, and says what is said.
However one of them ends, the other hears of it, because the pair ends with it; whoever is left removes the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from tui_app.clock import wall_clock
from tui_app.embedded_aws.premises import Premises
from tui_app.embedded_aws.totp import shown_at
from tui_app.errors import OutOfReach, RoledeckError
from tui_app.text import clean

_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from tui_app.embedded_aws.apart_main import main; main()"
"""It imports what we would, from nowhere else."""
_OURS = ("AWS_", "BOTO_", "ROLEDECK_")
_NO_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""moto makes boto3 sessions, which would read the person's own files."""
_NOTICED = 1.0
"""Seconds within which the end of a process is noticed after its socket has refused a connection."""


class AwsApart:
    """A running embedded AWS; its process is started at once, and nothing waits for it.

    Raises:
        OSError: there is no free port, no place for temporary files, or no process can be started.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._premises = Premises()
        self.url, self.secret = self._premises.url, self._premises.secret
        self.trouble: RoledeckError | None = None
        """Why there is no AWS any more, if it has ended by itself."""
        self._ended = threading.Event()
        self._closed = False
        self._watchers: list[Callable[[RoledeckError], None]] = []
        self._telling = threading.Lock()
        self._offset = 0.0
        self._asked: set[str] = set()
        order = _order(self._premises)
        self._line, its = socket.socketpair()
        # said before anybody is there to hear it: whatever happens to us from now on, the process knows which folder to remove
        self._tell(order)
        try:
            self._process = _start(order, its, environ)
        except BaseException:
            self._line.close()
            self._premises.close()
            raise
        finally:
            its.close()
            # whoever connects after the process has ended is to be refused, and not to wait in a queue that nobody serves
            self._premises.listener.close()
        threading.Thread(target=self._hear_all, name="embedded-aws", daemon=True).start()

    def environment(self) -> dict[str, str]:
        """The variables that point an AWS client, and roledeck itself, at this AWS."""
        return self._premises.environment()

    def code(self, serial: str) -> tuple[str, int] | None:
        """The authenticator: the code that the device shows now, and the seconds it still shows it; None where it is not known (yet).

        Waits for nobody: a device that is not of the demo's world is asked for, and known a moment later.
        """
        seed = self._seeds.get(serial)
        if seed is None:
            if serial not in self._asked:
                self._asked.add(serial)
                self._tell({"device": serial})
            return None
        return shown_at(seed, wall_clock() + self._offset)

    def watch(self, told: Callable[[RoledeckError], None]) -> None:
        """Have `told` called, on a thread of ours, when the AWS ends by itself."""
        with self._telling:
            self._watchers.append(told)
            if self.trouble is not None:
                told(self.trouble)

    def cause_of(self, failure: RoledeckError) -> RoledeckError:
        """What a person is told: that the AWS has ended where it is out of reach for that, else `failure`."""
        if isinstance(failure, OutOfReach):
            self._ended.wait(_NOTICED)
            return self.trouble or failure
        return failure

    def close(self) -> None:
        """End it and remove its folder; a second time it does nothing."""
        if self._closed:
            return
        self._closed = True
        # the folder first: should we be killed here, the process is still there to remove it
        self._premises.close()
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @cached_property
    def _seeds(self) -> dict[str, str]:
        from tui_app.embedded_aws.world.people import USERS

        return {user.serial: user.mfa_seed for user in USERS if user.mfa}

    def _tell(self, message: Mapping[str, object]) -> None:
        with contextlib.suppress(OSError):  # it has ended, which is heard of elsewhere
            self._line.sendall(json.dumps(message).encode() + b"\n")

    def _hear_all(self) -> None:
        failed = ""
        with contextlib.suppress(OSError, ValueError), self._line.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                failed = message.get("failed", failed)
                self._hear(message)
        if self._closed:
            return
        code = self._process.wait()
        with self._telling:
            self.trouble = cannot_load(failed) if failed else _end_of(code)
            self._ended.set()
            for told in self._watchers:
                told(self.trouble)

    def _hear(self, message: Mapping[str, Any]) -> None:
        self._offset = message.get("offset", self._offset)
        if serial := message.get("device"):
            if message["seed"]:
                self._seeds[serial] = message["seed"]
            self._asked.discard(serial)


def _order(premises: Premises) -> dict[str, Any]:
    """What the process is told first.

    It shares two descriptors with us: the socket, and the lock on the folder, which holds until the last of the two has ended.
    """
    descriptors = [premises.listener.fileno(), *([] if premises.owner is None else [premises.owner])]
    return {"secret": premises.secret, "folder": premises.folder, "descriptors": descriptors}


def _start(order: Mapping[str, Any], line: socket.socket, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A session of its own keeps what is typed at the terminal away from it, and leaves it out of every job of the shell."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _CHILD, *sys.path],
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in environ.items() if not name.startswith(_OURS)} | _NO_FILES,
        start_new_session=True,
        pass_fds=order["descriptors"],
    )


def cannot_load(cause: str) -> RoledeckError:
    """The packages of the embedded AWS are broken."""
    return RoledeckError(
        f"The embedded AWS could not be loaded: {clean(cause)}.",
        "Install it afresh: pip install --force-reinstall 'roledeck[demo]'.",
    )


def _end_of(code: int) -> RoledeckError:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return RoledeckError(f"The embedded AWS, a process of its own, has ended with {how}.", "Start the demo again; nothing of it was kept.")
