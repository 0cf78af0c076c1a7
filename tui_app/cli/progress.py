"""A line on stderr that counts while AWS is asked about many accounts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.discovery.patience import Progress


def progress(environ: Mapping[str, str], noun: str) -> Progress:
    """Hears how far it is, done and total, and says so where somebody sees it: `account 3 of 40`."""
    from tui_app.discovery.patience import unheard

    if not sys.stderr.isatty() or environ.get("TERM") == "dumb":
        return unheard

    def tell(done: int, total: int) -> None:
        sys.stderr.write(f"\r\x1b[K{noun} {done} of {total}" if done < total else "\r\x1b[K")
        sys.stderr.flush()

    return tell
