"""What every getting of a session works with."""

from __future__ import annotations

from collections.abc import Callable

from tui_app.aws.door import AwsDoor
from tui_app.clock import Clock
from tui_app.model import AccessKey, Credentials, Identity
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.codes import CodeDesk
from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.remembered import Lessons
from tui_app.sessions.sources.programs import Programs
from tui_app.sessions.start import PlannedStart
from tui_app.values import frozen


@frozen
class Tools:
    """`source` gives the keys of a source of keys; `begin` the credentials of one that is a role itself, whose key is `start_key`."""

    door: AwsDoor
    cache: SessionCache
    lessons: Lessons
    desk: CodeDesk
    clock: Clock
    programs: Programs
    source: Callable[[], AccessKey]
    begin: Callable[[PlannedStart], tuple[Credentials, Identity]]
    start_key: Callable[[], str]
    region: Callable[[PlannedHop], str | None]
    covers: Callable[[], int]
