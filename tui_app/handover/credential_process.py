"""The AWS `credential_process` contract. The first half runs in a bare interpreter: it imports `os` and the index, nothing else.

The contract is one JSON object on stdout and nothing but it, one line on stderr when there is none (AWS SDK guide, "Process
credential provider").
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

    from tui_app.model import Session

CHAIN_LIMIT = 8
BROKEN_PIPE = 141
"""What a shell calls a program that the reader of its output has left: 128 and SIGPIPE."""


def hand_over_cached(name: str) -> int | None:
    """Print the ready-made answer for exactly `name`; the exit code, or None where the slow path has to look."""
    from tui_app.sessions.index import read_ready

    answer = read_ready(name, os.environ)
    if answer is None:
        return None
    left = (answer + "\n").encode("utf-8", "surrogateescape")
    try:
        while left:
            left = left[os.write(1, left) :]
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as failure:
        os.write(2, f"The answer cannot be written: {(failure.strerror or 'unknown reason').lower()}. Send it somewhere else.\n".encode())
        return 1
    return 0


def answer_of(session: Session) -> str:
    """The contract's JSON for a session; it holds the keys.

    Raises:
        RoledeckError: a value has characters that AWS does not use.
    """
    import json

    from tui_app.clock import rfc3339
    from tui_app.handover.environment import session_variables

    variables = session_variables(session)
    answer = {
        "Version": 1,
        "AccessKeyId": variables["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": variables["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": variables.get("AWS_SESSION_TOKEN", ""),
        "Expiration": rfc3339(session.credentials.expires),
        "AccountId": session.identity.account,
    }
    return json.dumps({key: value for key, value in answer.items() if value != ""})


def file_ready(name: str, session: Session, environ: Mapping[str, str], read: Iterable[tuple[str, int, int, int]]) -> None:
    """Keep the answer for the fast path until the session is due for renewal, or while nobody could renew it, nearly to its end.

    `read` are the stamps of every file and folder that led to it.
    """
    from tui_app.sessions.index import SAFETY, write_ready
    from tui_app.sessions.renewal import renewal_due_at

    expires = session.credentials.expires
    nearly = expires - min(SAFETY, (expires - session.issued) / 10)
    good_until = renewal_due_at(session) if session.renews == "itself" else nearly
    write_ready(name, environ, answer_of(session), good_until, tuple(read))


def enter(name: str, environ: MutableMapping[str, str]) -> None:
    """Note in the environment that `name` is being resolved, so that a `credential_process` that leads back here is seen.

    Raises:
        ConfigUnusable: it does lead back, or is too deep.
    """
    from tui_app.errors import ConfigUnusable
    from tui_app.sessions.sources.programs import marked, resolving
    from tui_app.text import clean

    chain = resolving(environ)
    if name in chain:
        way = " → ".join(clean(step) for step in [*chain[chain.index(name) :], name])
        raise ConfigUnusable(f"credential_process leads back to itself: {way}.", "Let one of these profiles have keys of its own.")
    if len(chain) >= CHAIN_LIMIT:
        raise ConfigUnusable(f"credential_process goes through more than {CHAIN_LIMIT} profiles.", "Shorten the chain.")
    told = marked(environ, name)
    environ.update(told)
    os.environ.update(told)
