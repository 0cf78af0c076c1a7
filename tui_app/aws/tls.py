"""One TLS context for all clients: botocore reads the CA file anew for every connection, 20 ms each.

What is verified stays as botocore has it: the certificate against its CA file or AWS_CA_BUNDLE, and the host's name.
"""

from __future__ import annotations

import os
import ssl
import threading
from typing import Any

from botocore.httpsession import URLLib3Session, create_urllib3_context, get_cert_path

_contexts: dict[tuple[str, int], ssl.SSLContext] = {}
_making = threading.Lock()


class OneContextSession(URLLib3Session):
    """An HTTP session like another one, whose connections take a context that has read the CA file already."""

    def __init__(self, like: Any, context: ssl.SSLContext) -> None:
        self._shared = context
        super().__init__(
            verify=like._verify,  # noqa: SLF001 - botocore lets a client choose its session only after it is made
            proxies=like._proxy_config._proxies,  # noqa: SLF001
            timeout=like._timeout,  # noqa: SLF001
            max_pool_connections=like._max_pool_connections,  # noqa: SLF001
            socket_options=like._socket_options,  # noqa: SLF001
            client_cert=(like._cert_file, like._key_file) if like._key_file else like._cert_file,  # noqa: SLF001
            proxies_config=like._proxy_config.settings,  # noqa: SLF001
        )

    def _get_pool_manager_kwargs(self, **extra: Any) -> dict[str, Any]:
        kept: dict[str, Any] = super()._get_pool_manager_kwargs(**extra)  # type: ignore[misc]  # the stubs leave it out
        return kept | {"ssl_context": self._shared}

    def _setup_ssl_cert(self, conn: Any, url: str, verify: object) -> None:  # noqa: ARG002 - botocore's signature
        conn.cert_reqs, conn.ca_certs = "CERT_REQUIRED", None


def share_context(client: Any) -> None:
    """Let a client that has not connected yet use the shared context; one that verifies otherwise stays as it is."""
    endpoint = client._endpoint  # noqa: SLF001 - there is no public way
    try:
        stock = endpoint.http_session
        if stock._verify is False or not endpoint.host.startswith("https:"):  # noqa: SLF001
            return
        endpoint.http_session = OneContextSession(stock, _context(str(get_cert_path(stock._verify))))  # noqa: SLF001
    except (AttributeError, TypeError, OSError):
        return  # another botocore, or a CA file that cannot be read: each connection then does, and tells, what it always did


def _context(ca_file: str) -> ssl.SSLContext:
    """The context of a CA file.

    Raises:
        OSError: the file cannot be read, or holds no certificate.
    """
    key = (ca_file, os.stat(ca_file).st_mtime_ns)
    with _making:
        if key not in _contexts:
            context = create_urllib3_context()
            context.load_verify_locations(ca_file)
            _contexts[key] = context
        return _contexts[key]
