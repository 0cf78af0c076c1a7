"""What the screen shows, in plain Python: roles, sessions, work under way, failures, marks, favourites, activity.

Written on the screen's own thread only; whoever draws it subscribes. Nothing here knows Textual or touches the network.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from tui_app.clock import Clock, wall_clock
from tui_app.model import MfaSession, Problem, Role, Session, State, session_state
from tui_app.text import clean
from tui_app.ui.grouping import Group, Grouping, by_account, by_environment, by_use, in_one
from tui_app.ui.listing import Entry, Listing

if TYPE_CHECKING:
    from tui_app.ui.happenings import Child, Failure, Note, Work

Topic = Literal["rows", "states", "cursor", "pane", "problems"]
"""What changed: which rows there are, what a row says, where the cursor is, what the pane shows, what is wrong with the files."""
Listener = Callable[[Topic], None]
Search = Callable[[str], list[int]]
"""A query to the indices of the entries that match, best first."""
Widen = Callable[[str], list[tuple[str, int]]]
"""A query that finds nothing to its parts, each with how many entries match without it."""

ACTIVITY_LIMIT = 500


class Store:
    """The state of the screen. Change it through its methods, so that subscribers hear of it.

    Roles are known by their keys throughout. `covers` is how many roles an MFA device's session serves, by the device's serial.
    """

    def __init__(self, clock: Clock = wall_clock) -> None:
        self.clock = clock
        self.search: Search | None = None
        self.widen: Widen | None = None
        self.grouping: Grouping = "environment"
        self.listing = Listing()
        self.roles: Mapping[str, Role] = {}
        self.query = ""
        self.cursor = ""
        self.sessions: dict[str, Session] = {}
        self.mfa_sessions: tuple[MfaSession, ...] = ()
        self.covers: dict[str, int] = {}
        self.work: dict[str, Work] = {}
        self.failures: dict[str, Failure] = {}
        self.children: dict[str, Child] = {}
        self.marks: set[str] = set()
        self.favourites: tuple[str, ...] = ()
        self.recents: tuple[str, ...] = ()
        """Keys of what was used, often and lately first."""
        self.inks: Mapping[str, str] = {}
        """The tokens of the colours that the files give to environments."""
        self.activity: deque[Note] = deque(maxlen=ACTIVITY_LIMIT)
        self.problems: tuple[Problem, ...] = ()
        self.remembered: Mapping[str, float] = {}
        """When each file of remembered roles was written, by its path, in epoch seconds."""
        self.loaded = False
        self.groups: tuple[Group, ...] = ()
        self._index: dict[str, int] = {}
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with the topic after every change."""
        self._listeners.append(listener)

    def changed(self, topic: Topic) -> None:
        """Tell the subscribers."""
        for listener in self._listeners:
            listener(topic)

    def set_listing(self, listing: Listing, roles: Mapping[str, Role] | None = None, search: Search | None = None) -> None:
        """Take a new list of roles; cursor, marks and filter stay on the same keys where they still exist."""
        index = {key: number for number, key in enumerate(listing.keys)}
        if self.cursor not in index:
            self.cursor = self._instead_of_cursor(index, roles or {})
        self.listing, self._index = listing, index
        if roles is not None:
            self.roles = roles
        self.search = search
        self.marks &= self._index.keys()
        self._regroup()

    @property
    def entries(self) -> Sequence[Entry]:
        """All roles, shown or not."""
        return self.listing.entries

    def set_query(self, query: str) -> None:
        """Filter the list; the cursor goes to the best match, or back to where it was when the filter is cleared."""
        if query == self.query:
            return
        self.query = query
        self._regroup(first=bool(query))

    def group_by(self, grouping: Grouping) -> None:
        """Put the list into other groups; the cursor stays on its role."""
        self.grouping = grouping
        self._regroup()

    def entry(self, key: str) -> Entry | None:
        """The entry of a role, or None when it is not in the files any more."""
        index = self._index.get(key)
        return None if index is None else self.entries[index]

    def index_of(self, key: str) -> int | None:
        """The place of a role among the entries."""
        return self._index.get(key)

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor; None while the filter lets nothing through."""
        return self.entry(self.cursor) if self.groups else None

    @property
    def shown(self) -> int:
        """How many roles the filter lets through."""
        return sum(len(group.indices) for group in self.groups)

    def move_to(self, key: str) -> None:
        """Put the cursor on a role."""
        if key != self.cursor:
            self.cursor = key
            self.changed("cursor")

    def state(self, key: str, now: float | None = None) -> State:
        """The word for what a role's session is."""
        session = self.sessions.get(key)
        expires = session.credentials.expires if session else None
        word = session_state(expires, self.clock() if now is None else now)
        if key in self.failures and word in ("never", "expired"):
            return "failed"
        return word

    def live(self, key: str, now: float | None = None) -> Session | None:
        """The role's session while it lasts."""
        session = self.sessions.get(key)
        return session if session and session.left(self.clock() if now is None else now) > 0 else None

    def live_sessions(self, now: float | None = None) -> list[Session]:
        """All sessions that last, the one that ends first at the head."""
        moment = self.clock() if now is None else now
        return sorted((item for item in self.sessions.values() if item.left(moment) > 0), key=lambda item: item.credentials.expires)

    def mfa_session(self, now: float | None = None) -> MfaSession | None:
        """The MFA session that lasts longest."""
        moment = self.clock() if now is None else now
        alive = [item for item in self.mfa_sessions if item.credentials.left(moment) > 0]
        return max(alive, key=lambda item: item.credentials.expires, default=None)

    def take_sessions(self, sessions: Iterable[Session], mfa_sessions: Iterable[MfaSession]) -> None:
        """Take what the cache holds; what ran out in this run stays, so that the row can say so."""
        now = self.clock()
        fresh = {session.role_key: session for session in sessions}
        gone = {key: old for key, old in self.sessions.items() if key not in fresh and old.left(now) <= 0}
        self.sessions = {**gone, **fresh}
        for key, session in fresh.items():
            if key in self.failures and self.failures[key].at <= session.issued:
                del self.failures[key]
        self.mfa_sessions = tuple(mfa_sessions)
        self.changed("states")

    def take_session(self, session: Session) -> None:
        """A role has been assumed: the failure before it is over."""
        self.sessions[session.role_key] = session
        self.failures.pop(session.role_key, None)
        self.changed("states")

    def drop_session(self, key: str) -> None:
        """A session has been forgotten."""
        self.sessions.pop(key, None)
        self.failures.pop(key, None)
        self.changed("states")

    def begin(self, key: str, word: str, cancel: Callable[[], None] | None = None, job: object = None) -> None:
        """Work for a role starts."""
        from tui_app.ui.happenings import Work

        self.work[key] = Work(word, self.clock(), cancel=cancel, job=job)
        self.changed("states")

    def progress(self, key: str, *, word: str | None = None, detail: str | None = None) -> None:
        """The work has come a step further; without work under way nothing happens."""
        work = self.work.get(key)
        if work:
            from dataclasses import replace

            self.work[key] = replace(work, word=word or work.word, detail=clean(detail) if detail is not None else work.detail)
            self.changed("states")

    def end(self, key: str, failure: Failure | None = None) -> None:
        """The work has ended; a failure stays in the row."""
        self.work.pop(key, None)
        if failure:
            self.failures[key] = failure
        self.changed("states")

    def is_under_way(self, key: str, job: object) -> bool:
        """Whether the row's work is this job, and not one that was started after it was cancelled."""
        work = self.work.get(key)
        return work is not None and work.job is job

    def let_go(self, key: str, job: object) -> None:
        """The person has cancelled: the row is free at once, however long the network takes to give up."""
        if self.is_under_way(key, job):
            self.end(key)
            self.note("Cancelled", key, "note")

    def toggle_mark(self, key: str) -> None:
        """Mark a role, or take its mark away."""
        self.marks ^= {key}
        self.changed("states")

    def favourite_number(self, key: str) -> int:
        """1 to 9, or 0 for a role that is none of the first nine favourites."""
        return self.favourites.index(key) + 1 if key in self.favourites[:9] else 0

    def note(self, text: str, key: str = "", kind: Literal["did", "failed", "note"] = "did") -> None:
        """Write a line into the activity log."""
        from tui_app.ui.happenings import Note

        self.activity.append(Note(self.clock(), clean(text), key, kind))
        self.changed("pane")

    def _instead_of_cursor(self, index: Mapping[str, int], roles: Mapping[str, Role]) -> str:
        """What takes the cursor when its role is gone: the same role under another name, else the nearest row that is still there."""
        before = self.roles.get(self.cursor)
        same = next((key for key, role in roles.items() if before and role.arn == before.arn and key in index), "")
        shown = [] if same else [self.listing.keys[number] for group in self.groups for number in group.indices]
        if self.cursor not in shown:
            return same or self.cursor
        at = shown.index(self.cursor)
        left = [number for number, key in enumerate(shown) if key in index]
        return shown[min(left, key=lambda number: (abs(number - at), number < at))] if left else self.cursor

    def _regroup(self, *, first: bool = False) -> None:
        if self.query and self.search:
            found = self.search(self.query)
            self.groups = (Group("", tuple(found)),) if found else ()
        else:
            self.groups = self._grouped()
        here = self._index.get(self.cursor)
        if first or not any(here in group.indices for group in self.groups):
            best = next((group.indices[0] for group in self.groups), None)
            self.cursor = self.listing.keys[best] if best is not None else self.cursor if self.query else ""
        self.changed("rows")

    def _grouped(self) -> tuple[Group, ...]:
        listing = self.listing
        if self.grouping == "environment":
            return by_environment(listing.environments)
        if self.grouping == "account" and listing.accounts:
            return by_account([(entry.account, entry.account_id) for entry in listing.entries], listing.environments)
        if self.grouping == "use":
            return by_use(len(listing.keys), self.rows_of(self.favourites), self.rows_of(self.recents))
        return in_one(len(listing.keys))

    def rows_of(self, keys: Iterable[str]) -> list[int]:
        """The places of these roles among the entries; those that are in no file any more are left out."""
        return [index for index in map(self._index.get, keys) if index is not None]
