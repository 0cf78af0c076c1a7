from __future__ import annotations

import pytest

from tui_app.explorer import asking


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    """What AWS asks to wait is not waited for in tests; a test of waiting sets its own."""
    monkeypatch.setattr(asking, "FIRST_WAIT", 0.001)
