"""Programs on terminals of their own, as the handover tests have them."""

from __future__ import annotations

import importlib.util
import pathlib

_place = pathlib.Path(__file__).parents[1] / "handover" / "conftest.py"
_spec = importlib.util.spec_from_file_location("programs_on_terminals", _place)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

on_terminal = _module.on_terminal
