"""The detail pane: band, tabs, the page of the tab, the stamp. It comes after the first frame, which belongs to the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_app.clock import clock_time, typed_duration
from tui_app.model import Session
from tui_app.sessions.renewal import renewal_due_at
from tui_app.ui.bands import tall_band
from tui_app.ui.draw import BLANK, cells, line
from tui_app.ui.findings import TABS, Findings
from tui_app.ui.rows import said
from tui_app.ui.store import Store
from tui_app.ui.theme import Part, Row
from tui_app.ui.widgets.page import Page
from tui_app.ui.widgets.paper import Drawn, Paper

if TYPE_CHECKING:
    from tui_app.ui.panes.context import Pane


class TallBand(Paper):
    """Which account, how long: the only large thing on the screen. Below it, since when and what then."""

    HEIGHT = 8

    def __init__(self, store: Store) -> None:
        super().__init__(id="band")
        self.store = store

    def rows(self, width: int, height: int) -> list[Row]:
        """Six rows of band, one of times, one empty."""
        del height
        entry, now = self.store.selected, self.store.clock()
        if entry is None:
            return []
        words = said(self.store, entry.key, now, self.deck.spin())
        role = self.store.roles.get(entry.key)
        session = self.store.live(entry.key, now)
        region = (
            session.identity.region
            if session
            else (role.request.region or next(iter(role.regions or role.account.regions), ""))
            if role
            else ""
        )
        rows = tall_band(width, entry, words, region, ascii_only=self.look.ascii_only)
        return [*rows, self._times(width, entry.key, session, now), BLANK]

    def _times(self, width: int, key: str, session: Session | None, now: float) -> Row:
        failure = self.store.failures.get(key)
        if session:
            at = clock_time(renewal_due_at(session), now)
            then = f"renews itself at {at}" if session.renews == "itself" else f"asks for a code at {at}"
            return line(
                width,
                [(f"  of {typed_duration(_life(session))}, until {clock_time(session.credentials.expires, now)}", "muted")],
                [(f"{then}  ", "muted")],
            )
        old = self.store.sessions.get(key)
        held = f"held until {clock_time(old.credentials.expires, now)}" if old else "never held"
        since = f"{failure.word} at {clock_time(failure.at, now)}" if failure else ""
        return line(width, [(f"  {since or held}", "muted")], [(f"{held}  ", "muted")] if since else [])


def _life(session: Session) -> int:
    """How long AWS gave it, in whole minutes: seconds go by before the answer is here."""
    return max(60, round((session.credentials.expires - session.issued) / 60) * 60)


class TabBar(Paper):
    """The tabs, the shown one underlined; a click goes there."""

    HEIGHT = 2

    def __init__(self, findings: Findings) -> None:
        super().__init__(id="tabs")
        self.findings = findings
        self._spans: list[tuple[int, int, str]] = []

    def rows(self, width: int, height: int) -> list[Row]:
        """One row, and one empty."""
        del height
        parts: list[Part] = []
        self._spans = []
        for name in TABS:
            at = cells(parts) + 2
            active = name == self.findings.tab
            parts += [("  ", ""), (name, "bold underline text" if active else "muted"), (" " if width >= 50 else "", "")]  # noqa: PLR2004 - a slim pane
            self._spans.append((at, at + len(name), name))
        return [line(width, parts), BLANK]

    def on_click(self, event: events.Click) -> None:
        """Show the tab that was clicked."""
        for start, end, name in self._spans:
            if start <= event.x < end:
                self.deck.show_tab(name)


class Stamp(Paper):
    """Whose eyes these are."""

    def __init__(self) -> None:
        super().__init__(id="stamp")
        self.styles.dock = "bottom"
        self.content: list[Row] = []

    def rows(self, width: int, height: int) -> list[Row]:
        """Two rows under the resources, otherwise none."""
        del width, height
        return [BLANK, *self.content] if self.content else []


class DetailView(Drawn, Vertical):
    """Everything about the role under the cursor."""

    def __init__(self, store: Store, findings: Findings) -> None:
        super().__init__(id="details")
        self.store = store
        self.findings = findings
        self.page = Page(id="page")
        self.band = TallBand(store)
        self.tabs = TabBar(findings)
        self.stamp = Stamp()
        self.view_cursor = 0
        self._names: list[str] = []

    def compose(self) -> ComposeResult:
        """Band, tabs, page, stamp."""
        yield self.band
        yield self.tabs
        yield self.page
        yield self.stamp

    def on_resize(self) -> None:
        """The tab is drawn for its width."""
        self.call_after_refresh(self.update)

    def update(self) -> None:
        """Draw the tab again from what is known now."""
        if not self.page.is_mounted:
            return
        entry = self.store.selected
        width = self.page.size.width
        stamp = self.stamp
        content: list[Row] = []
        if not width or not self.display:
            return
        if entry is None:
            self.page.show([line(width, [("  No role to show.", "muted")])] if self.store.loaded else [])
        else:
            pane = self._pane(width)
            choices: list[int] = []
            rows, choices, self._names, content = self._rows(pane)
            self.page.show(rows, choices)
        if content != stamp.content:
            other_height = len(content) != len(stamp.content)
            stamp.content = content
            if other_height:
                stamp.refresh(layout=True)
            else:
                stamp.renew()
        self.tabs.renew()
        self.band.renew()

    def _pane(self, width: int) -> Pane:
        from tui_app.ui.panes.context import Pane

        entry = self.store.selected
        if entry is None:
            raise RuntimeError
        return Pane(
            width,
            self.store,
            self.findings,
            entry,
            self.store.clock(),
            self.deck.spin(),
            self.deck.environ,
            self.deck.keys,
            self.page.has_focus,
            self.view_cursor,
        )

    def _rows(self, pane: Pane) -> tuple[list[Row], list[int], list[str], list[Row]]:
        tab = self.findings.tab
        if tab == "Resources":
            from tui_app.ui.panes.resources import resources_rows, stamp_rows

            sheet = resources_rows(pane)
            return sheet.rows, sheet.choices, sheet.names, stamp_rows(pane)
        if tab == "Chain":
            from tui_app.ui.panes.chain import chain_rows

            return chain_rows(pane), [], [], []
        if tab == "Trust":
            from tui_app.ui.panes.trust import trust_rows

            return trust_rows(pane), [], [], []
        if tab == "Activity":
            from tui_app.ui.panes.activity import activity_rows

            return activity_rows(pane), [], [], []
        from tui_app.ui.panes.identity import identity_rows

        return identity_rows(pane), [], [], []

    def move(self, rows: int) -> None:
        """Move the cursor among the views, or scroll where there are none."""
        if not self._names:
            self.page.scroll_by(rows)
            return
        self.view_cursor = max(0, min(len(self._names) - 1, self.view_cursor + rows))
        self.update()
        at = self.page.choices[self.view_cursor]
        top, high = self.page.scroll_offset.y, self.page.size.height
        if at < top + 2 or at >= top + high - 2:
            self.page.scroll_to(y=max(0, at - 3 if at < top + 2 else at - high + 3), animate=False, force=True)

    @property
    def view(self) -> str:
        """The name of the view under the cursor, or an empty text."""
        return self._names[self.view_cursor] if self._names and self.view_cursor < len(self._names) else ""
