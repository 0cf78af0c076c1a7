"""What every getting of a session works with."""

from __future__ import annotations

from collections.abc import Callable

from tui_app.aws.door import AwsDoor
from tui_app.clock import Clock
from tui_app.model import AccessKey, Credentials, Identity
from tui_app.sessions.cache import SessionCache
from tui_app.sessions.codes import CodeDesk
from tui_app.sessions.new_records import Given
from tui_app.sessions.plan import PlannedHop
from tui_app.sessions.remembered import Lessons
from tui_app.sessions.sources.programs import Programs
from tui_app.sessions.start import PlannedStart
from tui_app.values import frozen


@frozen
class Tools:
    """`source` gives the keys of a source of keys; `begin` the credentials of one that is a role itself, whose key is `start_key`.

    `alone` gives the desk at which the user's own program answers and never a person; None where there is none that was agreed to.
    `whose` says whose the source's keys are, for a refusal; `say` takes a sentence that the person should hear afterwards.
    `borrow` gives the session of a hop, counted from 0, that another program has kept, not verified yet; None where there is none.
    """

    door: AwsDoor
    cache: SessionCache
    lessons: Lessons
    desk: CodeDesk
    alone: Callable[[], CodeDesk | None]
    clock: Clock
    programs: Programs
    source: Callable[[], AccessKey]
    begin: Callable[[PlannedStart], tuple[Credentials, Identity]]
    start_key: Callable[[], str]
    region: Callable[[PlannedHop], str | None]
    covers: Callable[[], int]
    borrow: Callable[[int], Given | None]
    whose: str
    say: Callable[[str], None]
