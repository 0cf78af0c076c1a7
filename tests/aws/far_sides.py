"""A far side that also tells whose keys it holds."""

from __future__ import annotations

from tui_app.aws.far_door import FarDoor

TELLING = (
    "import sys; sys.path[:] = sys.argv[2:]; from tui_app.aws import far_side;"
    "far_side._METHODS['kept'] = lambda door: sorted({one.key.id for one in door._clients if one.key});"
    "far_side.serve(int(sys.argv[1]))"
)
"""How it is started, instead of `far_line.START`."""


def keys_held(far: FarDoor) -> list[str]:
    """The ids of the access keys that its process has kept a client for."""
    return far._ask(list, "kept", ())
