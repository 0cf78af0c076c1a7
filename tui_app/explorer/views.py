"""The views there are, in the order they are read. Adding one is adding one entry to its group in `kinds/`.

Page limits and member names are those of botocore's service models. None reads a secret's value, and what AWS charges for is asked only
where somebody names or opens it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_app.explorer.kinds.account import ACCOUNT
from tui_app.explorer.kinds.compute import COMPUTE
from tui_app.explorer.kinds.data import DATA
from tui_app.explorer.kinds.machines import MACHINES
from tui_app.explorer.kinds.network import NETWORK
from tui_app.explorer.kinds.pipes import PIPES
from tui_app.explorer.kinds.reach import REACH
from tui_app.explorer.kinds.rules import RULES
from tui_app.explorer.kinds.signals import SIGNALS
from tui_app.explorer.kinds.stores import STORES
from tui_app.explorer.kinds.within_account import WITHIN_ACCOUNT
from tui_app.explorer.kinds.within_services import WITHIN_SERVICES
from tui_app.explorer.view import View

VIEWS: tuple[View, ...] = (*ACCOUNT, *RULES, *DATA, *STORES, *COMPUTE, *MACHINES, *NETWORK, *REACH, *SIGNALS, *PIPES)
"""What lies in an account."""
FIRST_SIGHT: tuple[View, ...] = tuple(view for view in VIEWS if view.first_sight)
"""What is asked unasked: one call each, none of them charged."""
SUB_VIEWS: tuple[View, ...] = (*WITHIN_ACCOUNT, *WITHIN_SERVICES)
"""What lies in a row of another view."""


def sub_views(view: View, among: Sequence[View] = SUB_VIEWS) -> tuple[View, ...]:
    """The views that a row of `view` opens into, best first."""
    return tuple(below for below in among if any(parent.view == view.name for parent in below.parents))


def views_called(word: str, among: Sequence[View] = VIEWS) -> tuple[View, ...]:
    """The views that a person means by `word`: a view's name, a service, an IAM prefix, or a plural such as `buckets`."""
    exact = tuple(view for view in among if view.name == word.casefold())
    return exact or tuple(view for view in among if view.is_called(word))


def known_words(among: Sequence[View] = VIEWS) -> tuple[str, ...]:
    """Every word that `views_called` understands, sorted."""
    words = {word for view in among for word in (view.name, view.service, view.action.partition(":")[0], *view.words)}
    return tuple(sorted(words))
