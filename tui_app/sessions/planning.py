"""What would happen for a role before it happens: its plan, and what is kept of it. Contacts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import Catalog
from tui_app.model import Chain, Role, Source
from tui_app.sessions.cache import SessionCache, kept_record
from tui_app.sessions.errand import role_of_source
from tui_app.sessions.new_records import Given
from tui_app.sessions.plan import Plan, PlannedHop, make_plan, with_cached
from tui_app.sessions.record import Record
from tui_app.sessions.sources.environment import key_if_any
from tui_app.sessions.start import PlannedStart, start_notes
from tui_app.sessions.wanted import Ground, Wanted
from tui_app.values import frozen


@frozen
class Planning:
    """`borrowed` gives the session of a hop, counted from 0, that the AWS CLI has kept; None where there is none."""

    catalog: Catalog
    ground: Ground
    cache: SessionCache
    borrowed: Callable[[Plan, int], Given | None]

    def plan(self, role: Role, wanted: Wanted) -> Plan:
        """What would happen, with the end of what is kept for each step."""
        plan, exact = self.bare_plan(role, wanted), wanted.duration is not None
        until = [self._until_of_hop(plan, number, exact=exact and step is plan.hops[-1]) for number, step in enumerate(plan.hops)]
        mfa = self.cache.get(plan.mfa_name) if plan.mfa_name and plan.strategy == "session" else None
        hops = tuple(
            replace(with_cached(step, end), asks_for_code=step.asks_for_code and not mfa and not any(until[number:]))
            for number, (step, end) in enumerate(zip(plan.hops, until, strict=True))
        )
        start = plan.start and replace(
            plan.start,
            cached_until=self._until(plan.start, exact=exact and not hops),
            notes=start_notes(plan.chain.source, self.ground.environ, self.ground.clock),
        )
        return replace(plan, hops=hops, mfa_until=mfa.expires if mfa else None, start=start)

    def bare_plan(self, role: Role, wanted: Wanted) -> Plan:
        """What would happen if nothing were kept."""
        chain = resolve_chain(self.catalog, role)
        if chain.source.kind == "environment" and chain.source.access_key is None:
            # whose keys they are decides whether a code can go with them, and whose session it will be
            chain = replace(chain, source=replace(chain.source, access_key=key_if_any(self.ground.environ)))
        return make_plan(chain, wanted, self.ground)

    def plan_of_source(self, source: Source) -> Plan:
        """What would happen for the role that a source itself is."""
        return make_plan(Chain(role_of_source(source), source, ()), Wanted(), self.ground)

    def kept(self, role: Role, wanted: Wanted) -> Record | None:
        """The kept session of a role, if it is live."""
        target = self.bare_plan(role, wanted).target
        return kept_record(self.cache, target, exact=wanted.duration is not None) if target else None

    def _until_of_hop(self, plan: Plan, number: int, *, exact: bool) -> float | None:
        """The end of what is kept for a hop, here or by the AWS CLI."""
        kept = self._until(plan.hops[number], exact=exact)
        borrowed = self.borrowed(plan, number) if kept is None and not exact else None
        return borrowed.credentials.expires if borrowed else kept

    def _until(self, step: PlannedHop | PlannedStart, *, exact: bool) -> float | None:
        record = kept_record(self.cache, step, exact=exact)
        return record.expires if record else None


def covered(catalog: Catalog, source_profile: str, serial: str) -> int:
    """How many roles ask for a code of that device and start from that profile, so that one MFA session serves them."""
    chains = (resolve_chain(catalog, role) for role in catalog.roles)
    firsts = (chain.hops[0].request for chain in chains if chain.hops and chain.source.profile == source_profile and not chain.problems)
    return sum(request.mfa_serial == serial for request in firsts)
