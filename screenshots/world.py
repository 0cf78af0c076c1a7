"""What has happened before the first picture: a morning's work in the demo's accounts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_app.aws.door import AwsDoor
from tui_app.catalog.favourites import set_favourite
from tui_app.catalog.load import load_catalog
from tui_app.errors import NeedsPerson
from tui_app.secret import Secret
from tui_app.sessions.broker import Broker, CodeRequest, Wanted

if TYPE_CHECKING:
    from tui_app.embedded_aws.server import EmbeddedAws

NOW = datetime(2026, 6, 30, 12, 41, 7, tzinfo=UTC).timestamp()
DEVELOPER = "production/cross-account/CrossAccountDeveloperRole"
ADMIN = "production/AdminRole"
AUDIT = "audit/ReadOnly"
DEPLOYER = "staging/Deployer"
WITH_CODE = "payments-live/AdministratorAccess"
ONE_HOUR, FOUR_HOURS = 3600, 4 * 3600
SESSIONS = (
    (WITH_CODE, ONE_HOUR, -900),
    ("iot-fleet", ONE_HOUR, -400),
    (DEPLOYER, ONE_HOUR, 4 * 60 + 58),
    (AUDIT, ONE_HOUR, 38 * 60 + 4),
    ("development/S3Developer", FOUR_HOURS, 3 * 3600 + 41 * 60),
    (DEVELOPER, ONE_HOUR, 47 * 60 + 12),
    ("shared-services/Hub", ONE_HOUR, 52 * 60 + 10),
)
"""Role, for how long it was assumed, and how much of that is left now; in the order it was done. The first one takes the code."""


FAVOURITES = (DEVELOPER, DEPLOYER, "development/S3Developer", "iot-fleet", AUDIT)


def prepare(aws: EmbeddedAws, environ: Mapping[str, str]) -> None:
    """Stop the clock of the embedded AWS and get the sessions of the pictures; signatures keep the true time."""
    gate = aws.service.gate
    gate.signature_clock = time.time
    gate.clock = lambda: NOW
    catalog = load_catalog(environ)
    roles = {role.key: role for role in catalog.roles}

    for key, duration, left in SESSIONS:
        began = NOW - duration + left
        gate.clock = lambda began=began: began
        broker = Broker(catalog, environ, AwsDoor(aws.url, gate.clock), gate.clock)
        broker.obtain(roles[key], Wanted(duration=duration, fresh=True), lambda request: _code(aws, request))
        if key == WITH_CODE:
            broker.forget(key)
    gate.clock = lambda: NOW
    for key in FAVOURITES:
        set_favourite(environ, key, lambda: True)


def _code(aws: EmbeddedAws, request: CodeRequest) -> Secret:
    if request.refusal:
        raise NeedsPerson(request.refusal)
    return Secret(aws.code(request.serial)[0])
