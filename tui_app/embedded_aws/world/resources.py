"""Seeds a service's resources in an account the moment that service is first asked there."""

from __future__ import annotations

import threading

from tui_app.embedded_aws.world.accounts import ACCOUNTS
from tui_app.embedded_aws.world.core import drawn_from
from tui_app.embedded_aws.world.estates import ESTATES, Estate
from tui_app.embedded_aws.world.furnishings import FURNISHINGS, Furnishing
from tui_app.embedded_aws.world.seeders import BY_SIGNING_NAME, EVERYWHERE, GLOBAL, NEEDS, SEEDERS
from tui_app.embedded_aws.world.seeders.place import Place
from tui_app.embedded_aws.world.values import AccountSeed

TAGGING = "tagging"
"""The signing name of the API that tells of every service's resources."""


class Resources:
    """Which services are seeded where; `failures` keeps what went wrong, so that one broken service does not hide the others."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str, Exception]] = []
        self._accounts = {account.id: account for account in ACCOUNTS}
        self._done: set[tuple[str, str]] = set()
        self._lock = threading.RLock()

    def ensure(self, signing_name: str, account_id: str) -> None:
        """Seed the service in this account unless it has been; an account or service that the world does not have is left alone."""
        if signing_name == TAGGING:
            self.ensure_account(account_id)
        service = BY_SIGNING_NAME.get(signing_name, signing_name)
        if service not in SEEDERS or account_id not in self._accounts or (service, account_id) in self._done:
            return
        with self._lock:
            for account in self._accounts.values() if service in EVERYWHERE else (self._accounts[account_id],):
                for name in (*NEEDS.get(service, ()), service):
                    self._seed(name, account)

    def ensure_account(self, account_id: str) -> None:
        """Seed every service in one account."""
        for service in SEEDERS:
            self.ensure(service, account_id)

    def ensure_everything(self) -> None:
        """Seed every service in every account."""
        for account_id in self._accounts:
            self.ensure_account(account_id)

    def _seed(self, service: str, account: AccountSeed) -> None:
        if (service, account.id) in self._done:
            return
        with drawn_from(f"{service} {account.id}"):
            for seed, place in ((seed, place) for place in _places(service, account) for seed in SEEDERS[service]):
                try:
                    seed(place)
                except Exception as failure:  # noqa: BLE001 - kept for whoever looks; the demo goes on without these resources
                    self.failures.append((service, account.name, failure))
        self._done.add((service, account.id))


def _places(service: str, account: AccountSeed) -> tuple[Place, ...]:
    if service in GLOBAL:
        return (Place(account, "aws", Estate()),)
    estates, furnishings = ESTATES[account.id], FURNISHINGS[account.id]
    regions = dict.fromkeys((*estates, *furnishings))
    return tuple(Place(account, region, estates.get(region, Estate()), furnishings.get(region, Furnishing())) for region in regions)
