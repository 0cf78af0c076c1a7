"""What the environment itself gives."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.errors import ConfigUnusable
from tui_app.model import AccessKey
from tui_app.secret import Secret

RELATIVE, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
"""Where a container's own credentials are."""


def environment_key(environ: Mapping[str, str]) -> AccessKey:
    """The keys in AWS_ACCESS_KEY_ID and its companions.

    Raises:
        ConfigUnusable: they are not there.
    """
    key = key_if_any(environ)
    if key is None:
        raise ConfigUnusable(
            "The chain starts from keys in the environment, and there are none.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    return key


def key_if_any(environ: Mapping[str, str]) -> AccessKey | None:
    """The same, or None."""
    key_id, secret = (environ.get(name, "").strip() for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    # botocore reads the older name first
    token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
    return AccessKey(key_id, Secret(secret), Secret(token) if token else None) if key_id and secret else None
