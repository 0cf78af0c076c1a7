"""`roledeck demo [COMMAND…]`: the screen, or any other command, against an AWS of its own; `demo serve` runs that AWS alone."""

from __future__ import annotations

import argparse
import importlib.util
import os
import queue
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from tui_app.cli.arguments import Parser
from tui_app.errors import RoledeckError, UsageError

if TYPE_CHECKING:
    from tui_app.cli.context import Context
    from tui_app.embedded_aws.apart import AwsApart
    from tui_app.embedded_aws.server import EmbeddedAws

NEEDED = ("moto", "flask", "flask_cors")
HIGHEST_PORT = 65535
_HARMLESS = ("AWS_PAGER", "AWS_CLI_", "ROLEDECK_MFA_CODE", "ROLEDECK_ASCII")
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command to run; its own options belong to it."""
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help="any command of roledeck with its options; none for the screen. serve [--port N] [--empty] [--secret S] runs the AWS alone",
    )


def run(options: argparse.Namespace, context: Context) -> int:
    """Start the embedded AWS, run the words against it, end it."""
    words: Sequence[str] = options.words
    if words[:1] == ["demo"]:
        raise UsageError("A demo runs inside no other.", "Leave the second demo out.")
    _check_extra()
    if words[:1] == ["serve"]:
        return _serve(words[1:], context)
    from tui_app.cli.main import dispatch

    with _without_aws_settings(), _started_apart() as aws, _ended_by_signals():
        environ = demo_environment(context.environ, aws.environment())
        return dispatch(words, environ, demo=aws, outer=context)


def demo_environment(parent: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """`parent` without anything that says which AWS, account or config to use, and with the demo's `own` variables."""
    kept = {name: value for name, value in parent.items() if not _says_which_aws(name)}
    return kept | dict(own)


def _says_which_aws(name: str) -> bool:
    return name.startswith(("AWS_", "ROLEDECK_", "BOTO_")) and not name.startswith(_HARMLESS)


def serve_parser() -> Parser:
    """What `demo serve` takes."""
    parser = Parser("roledeck demo serve", "Run the embedded AWS in the foreground, and print what points any AWS client at it.")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="listen on this port; a free one otherwise")
    parser.add_argument("--empty", action="store_true", help="start with no accounts")
    parser.add_argument("--secret", metavar="S", help="what steers it; drawn at random otherwise")
    return parser


def _serve(words: Sequence[str], context: Context) -> int:
    options = serve_parser().parse_args(list(words))
    ended = queue.SimpleQueue[int]()
    # The signals are watched until the folder is gone, so that a second one cannot leave it behind.
    with _without_aws_settings(), _ended_by_signals(ended), _started(options.port, options.secret, empty=options.empty) as aws:
        for name, value in aws.environment().items():
            context.out(f"{name}={value}")
        _wait_until_loaded(aws)
        context.out("ready")
        context.flush()
        ended.get()
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port; write a number up to {HIGHEST_PORT}")
    return int(text)


def _wait_until_loaded(aws: EmbeddedAws) -> None:
    try:
        _ = aws.service
    except RuntimeError as failure:
        from tui_app.embedded_aws.apart import cannot_load

        raise cannot_load(str(failure.__cause__ or failure)) from failure


def _check_extra() -> None:
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise RoledeckError(
            "The demo needs the extra package 'demo', which is not installed.",
            "Install it with pipx inject roledeck 'roledeck[demo]', or pip install 'roledeck[demo]'.",
        )


@contextmanager
def _started(port: int = 0, secret: str | None = None, *, empty: bool = False) -> Iterator[EmbeddedAws]:
    from tui_app.embedded_aws.server import EmbeddedAws

    try:
        aws = EmbeddedAws(port, secret, empty=empty)
    except OSError as failure:
        if not port:
            raise _cannot_start(failure) from failure
        raise RoledeckError(
            f"Port {port} on 127.0.0.1 cannot be used: {failure.strerror or failure}.",
            "Choose another with --port, or leave it out for a free one.",
        ) from failure
    with aws:
        yield aws


def _started_apart() -> AwsApart:
    from tui_app.embedded_aws.apart import AwsApart

    try:
        return AwsApart(os.environ)
    except OSError as failure:
        raise _cannot_start(failure) from failure


def _cannot_start(failure: OSError) -> RoledeckError:
    return RoledeckError(
        f"The embedded AWS could not start: {failure.strerror or failure}.",
        "It needs a free port on 127.0.0.1, a folder for temporary files, and a process of its own.",
    )


@contextmanager
def _without_aws_settings() -> Iterator[None]:
    """Nothing in this process may read the user's own AWS settings while the demo runs, moto's sessions included."""
    kept = {
        name: os.environ.pop(name) for name in tuple(os.environ) if name.startswith(("AWS_", "BOTO_")) and not name.startswith(_HARMLESS)
    }
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    try:
        yield
    finally:
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            os.environ.pop(name, None)
        os.environ |= kept


@contextmanager
def _ended_by_signals(ended: queue.SimpleQueue[int] | None = None) -> Iterator[None]:
    """Signals that end a program are put into `ended`, or unwind the stack, so that the demo's folder is removed either way.

    With `ended` the program is over afterwards: a later signal would only spoil its exit code, and is not listened to.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        if ended is None:
            raise SystemExit(128 + number)
        # a second signal may come while the first is put: of all that wakes a waiting thread only this queue bears that
        ended.put(number)

    watched = [number for number in _ENDING if ended is not None or number != signal.SIGINT]
    before = {number: signal.signal(number, end) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if ended is not None else handler)
