"""What the screen is given to work with: the environment, the files' roles, the broker, the door to AWS, the demo if one runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_app.errors import RoledeckError
from tui_app.values import frozen

if TYPE_CHECKING:
    from typing import Protocol

    from tui_app.catalog.load import Catalog
    from tui_app.model import MfaSession, Problem, Role, Session
    from tui_app.secret import Secret
    from tui_app.sessions.broker import Plan, Wanted

    class Broker(Protocol):
        """The part of `tui_app.sessions.broker.Broker` that the screen uses."""

        @property
        def warnings(self) -> Sequence[str]:
            """Sentences about how sessions are kept."""
            ...

        def plan(self, role: Role, wanted: Wanted | None = None) -> Plan:
            """What would happen; contacts nothing."""
            ...

        def obtain(
            self,
            role: Role,
            wanted: Wanted,
            ask_code: Callable[[Any], Secret],
            cancelled: Callable[[], bool] = ...,
            progress: Callable[[str], None] = ...,
            ask_consent: Callable[[Any], bool] | None = ...,
        ) -> Session:
            """A verified session."""
            ...

        def peek(self, role: Role, wanted: Wanted | None = None) -> Session | None:
            """The kept session of a role, if it is live."""
            ...

        def known(self) -> tuple[Session, ...]:
            """What the cache holds, what expired lately included."""
            ...

        def mfa_sessions(self) -> tuple[MfaSession, ...]:
            """The MFA sessions the cache holds."""
            ...

        def covered(self, source_profile: str, serial: str) -> int:
            """How many roles one MFA session serves."""
            ...

        def forget(self, name: str) -> tuple[str, ...]:
            """Drop a role's session; what was dropped."""
            ...

    class Demo(Protocol):
        """The running embedded AWS, with its own authenticator."""

        def code(self, serial: str) -> tuple[str, int] | None:
            """The code of a device now, and how many seconds it lasts; None where it is not known (yet). Waits for nobody."""
            ...

    class Context(Protocol):
        """The part of the command line's context that the screen takes."""

        environ: Any
        demo: Any

        @property
        def catalog(self) -> Any:
            """The roles."""
            ...

        @property
        def broker(self) -> Any:
            """Who gets and keeps credentials."""
            ...

        @property
        def door(self) -> Any:
            """The way to AWS."""
            ...


@frozen
class Loaded:
    """One reading of the files, the broker that serves it, and the ways to AWS: `door`, and one of its own for looking round."""

    catalog: Catalog
    broker: Broker
    door: Any
    far_door: Any = None
    """A `tui_app.aws.far_door.FarDoor`; without one everything goes through `door`."""

    @property
    def explorer_door(self) -> Any:
        """The way to AWS of whatever only looks, and may compute for seconds: in another process, where keys do not wait for it."""
        return self.far_door or self.door

    def close(self) -> None:
        """End what the ways to AWS have started."""
        if self.far_door is not None:
            self.far_door.close()


def once_read(loaded: Loaded | None) -> Loaded:
    """What the files have brought.

    Raises:
        RoledeckError: they have not been read yet.
    """
    if loaded is None:
        raise RoledeckError("The files have not been read yet.", "Try again in a moment.")
    return loaded


@frozen
class Backstage:
    """Everything behind the screen.

    `load` reads the files, and again after they have changed; it is called off the screen's thread. `catalog` is a first reading for the
    first frame, where there is one to be had without loading more.
    """

    environ: Mapping[str, str]
    load: Callable[[], Loaded]
    demo: Demo | None = None
    catalog: Callable[[], Catalog] | None = None
    watch_demo: Callable[[Callable[[RoledeckError], None]], None] | None = None
    """Has a function called, on another thread, should the demo's AWS end."""


_UNUSED = " Nothing in the file is used."


def last_good(old: Catalog, new: Catalog) -> Catalog:
    """The new reading; or the old one with the new one's problems, where a file of roles that could be read before cannot be read now.

    An editor may be half way through writing it, and what is on screen, sessions and cursor, hangs on its roles.
    """
    known = {problem.where.path for problem in _lost(old) if problem.where}
    lost = [problem for problem in _lost(new) if problem.where and problem.where.path not in known]
    if not lost or not old.roles:
        return new
    kept = "What was read before stays in use."
    told = (replace(problem, kind="kept", message=f"{problem.message.removesuffix(_UNUSED)} {kept}", mend=problem.mend) for problem in lost)
    others = (problem for problem in new.problems if problem not in lost)
    # the stamps are those of now: whoever looks for changes is not to read the same broken file again and again
    return replace(old, problems=(*told, *others), stamps=new.stamps)


def _lost(catalog: Catalog) -> list[Problem]:
    """The problems that cost a whole file."""
    return [problem for problem in catalog.lost_files if problem.where is not None]


def backstage_of(context: Context) -> Backstage:
    """What a run of the command line hands to its screen: first its own catalog, after a change of the files a new one."""
    first = [True]
    far: list[Any] = []

    def load() -> Loaded:
        from tui_app.aws.far_door import FarDoor
        from tui_app.sessions.consent import nobody_agrees

        # what a job of the screen does not ask itself, nobody is asked: the terminal is not free
        context.broker.ask_consent = nobody_agrees(context.environ)
        if not first.pop():
            from tui_app.catalog.load import load_catalog
            from tui_app.ui.restarts import wants_restart

            found = last_good(context.broker.catalog, load_catalog(context.environ))
            unheeded = wants_restart(context.catalog.settings, found.settings, context.environ)
            context.broker.catalog = replace(found, problems=(*found.problems, *unheeded))
        first.append(False)
        if not far:
            far.append(FarDoor(context.door.endpoint_url))
            # what the broker drops is dropped there too
            context.door.followed_by(far[0].forget)
        return Loaded(context.broker.catalog, context.broker, context.door, far[0])

    watch_demo = context.demo.watch if context.demo else None
    return Backstage(context.environ, load, context.demo, lambda: context.catalog, watch_demo)
