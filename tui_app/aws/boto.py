"""A botocore session that reads nothing of the user's: no shared config, no profile, no keys or endpoints of the environment.

Imported only when the first client is made. The stock session scans botocore's data folder (18 ms) and reads endpoints.json
(15 ms) for its first client; the loader here does neither for STS.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from botocore.session import Session

from tui_app import __version__
from tui_app.aws.callers import OnlyCallers
from tui_app.aws.models import SERVICE_MODEL, Unfit, lean_model

_NO_PARTITIONS = {"version": 3, "partitions": []}


class OwnLoader(Loader):
    """Only botocore's own models, found without a scan and read as far as they are used; a light one leaves endpoints.json out.

    A light one is for services whose endpoints are rules, and which are so small that their model is read whole.
    """

    def __init__(self, *, light: bool) -> None:
        super().__init__([self.BUILTIN_DATA_PATH], include_default_search_paths=False)
        self._light = light

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        """Every folder of the data; a name without the model asked for fails when it is loaded."""
        return [name for name in os.listdir(self.BUILTIN_DATA_PATH) if not name.endswith((".json", ".gz"))]

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """As botocore's, but without the endpoints for a light loader, and with lean service models for the other."""
        if self._light and name == "endpoints":
            return _NO_PARTITIONS, self.BUILTIN_DATA_PATH
        if not self._light and os.path.basename(name) == SERVICE_MODEL:
            path = os.path.join(self.BUILTIN_DATA_PATH, f"{name}.json.gz")
            with suppress(Unfit, OSError):
                return lean_model(path), path
        data, path = super().load_data_with_path(name)
        return data, path


class _NoToken:
    """A token provider that has none."""

    def load_token(self, **_ignored: object) -> None:
        """No bearer token, neither from the environment nor from a profile."""


def closed_session(*, light: bool) -> Session:
    """A session whose files are empty and whose profile is none; its clients sign with the keys of whoever calls."""
    session = Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
            "csm_enabled": (None, None, False, None),
            "defaults_mode": (None, None, "legacy", None),
            "sts_regional_endpoints": (None, None, "regional", None),
        },
    )
    session.register_component("data_loader", OwnLoader(light=light))
    session.register_component("credential_provider", OnlyCallers())
    session.register_component("token_provider", _NoToken())
    session.user_agent_name = "roledeck"
    session.user_agent_version = __version__
    return session


def paginators(session: Session, service: str) -> Mapping[str, Any]:
    """What `paginators-1.json` of botocore has for a service: one for each operation with pages; none for what is unknown."""
    try:
        model: Mapping[str, Any] = session.get_component("data_loader").load_service_model(service, "paginators-1")
    except BotoCoreError:
        return {}
    found: Mapping[str, Any] = model.get("pagination", {})
    return found


def offered_regions(session: Session, service: str, partition: str) -> frozenset[str]:
    """Where botocore's endpoints.json has a service; every region of the partition for one that it has nowhere, or only globally."""
    listed = session.get_available_regions(service, partition)
    return frozenset(listed or known_regions(session, partition))


def known_regions(session: Session, partition: str) -> tuple[str, ...]:
    """The regions of a partition, sorted, from botocore's partitions.json."""
    known = session.get_component("data_loader").load_data("partitions")["partitions"]
    names = (name for entry in known if entry["id"] == partition for name in entry["regions"])
    return tuple(sorted(name for name in names if not name.endswith("-global")))
