"""The command line. This module is on the hot path: until a ready-made answer has been looked for it imports nothing but `os` and `sys`."""

from __future__ import annotations

import os
import sys

_PROCESS_WORDS = 2
_LONGEST_NAME = 1024
_INTERRUPTED = 130


def main() -> int:
    """Run the words this process was started with; the exit code."""
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        # before the command line itself was there to see to it
        return _INTERRUPTED


def _run(words: list[str]) -> int:
    if len(words) == _PROCESS_WORDS and words[0] == "credential-process" and not words[1].startswith("-"):
        from tui_app.handover.credential_process import hand_over_cached

        code = hand_over_cached(words[1])
        if code is not None:
            # nothing is open and no thread runs: the interpreter's own tidying up would be a tenth of the whole time
            os._exit(code)
    elif words == ["ls", "--names"] and _print_names():
        os._exit(0)
    from tui_app.cli.main import run

    return run(words)


def _print_names() -> bool:
    """Print the roles' names without a full reading; False, and nothing printed, where one is needed after all."""
    from tui_app.catalog.quick import names_fast

    try:
        names = names_fast(os.environ)
    except Exception:  # noqa: BLE001 - whatever is odd about the files, the full reading has the words for it
        return False
    if not all(name.isascii() and name.isprintable() and len(name) <= _LONGEST_NAME for name in names):
        return False
    try:
        sys.stdout.write("".join([name + "\n" for name in names]))
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader has seen enough
    return True
