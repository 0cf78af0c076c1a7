"""`python -m tui_app` is `roledeck`."""

from __future__ import annotations

import sys

from tui_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
