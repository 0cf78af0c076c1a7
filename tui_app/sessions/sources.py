"""Where a chain starts: keys of a profile, keys of the environment, the answer of a credential_process, a command's external id."""

from __future__ import annotations

import json
import os
import shlex
import signal
import stat
import subprocess
from collections.abc import Mapping, Sequence

from tui_app import paths
from tui_app.errors import ConfigUnusable, RoledeckError
from tui_app.model import AccessKey, Source
from tui_app.secret import Secret
from tui_app.text import clean

COMMAND_LIMIT = 60
"""Seconds a command of the config may run."""
OUTPUT_LIMIT = 64 * 1024
PROCESS_CHAIN = "_ROLEDECK_PROCESS_CHAIN"
"""The names that are being resolved by this process and its parents, a line each: a profile may name itself by way of others."""
SUPPORTED = "access keys of a profile, keys in the environment, and credential_process"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NAMED = {
    "sso": "an IAM Identity Center sign-in",
    "web_identity": "a web identity token",
    "instance": "the metadata of an EC2 instance",
    "container": "a container's credentials",
    "login": "`aws login`",
    "missing": "nothing",
}


def source_key(source: Source, environ: Mapping[str, str], role_key: str = "") -> AccessKey:
    """The keys that a chain starts with; `role_key` is the role they are for, if any.

    Raises:
        ConfigUnusable: the source has none, or is of a kind that cannot be used.
        RoledeckError: its command failed.
    """
    if source.kind == "process":
        return _from_process(source, environ, role_key)
    if source.kind == "environment":
        return source.access_key or environment_key(environ)
    if source.kind == "static" and source.access_key is not None:
        return source.access_key
    where = str(source.origin or "")
    named = _NAMED.get(source.kind, "a source without keys") + (f" ({where})" if where else "")
    raise ConfigUnusable(
        f"The chain starts from {named}, which cannot be used yet.",
        f"Usable are {SUPPORTED}.",
        where,
    )


def environment_key(environ: Mapping[str, str]) -> AccessKey:
    """The keys in AWS_ACCESS_KEY_ID and its companions.

    Raises:
        ConfigUnusable: they are not there.
    """
    key_id, secret = (environ.get(name, "").strip() for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    if not key_id or not secret:
        raise ConfigUnusable(
            "The chain starts from keys in the environment, and there are none.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    # botocore reads the older name first
    token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
    return AccessKey(key_id, Secret(secret), Secret(token) if token else None)


def resolving(environ: Mapping[str, str]) -> list[str]:
    """The names that are being resolved by this process and its parents, the first one first."""
    return [name for name in environ.get(PROCESS_CHAIN, "").split("\n") if name]


def marked(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """What a command of the config is told, so that a `credential_process` that leads back to `name` is seen."""
    known, name = resolving(environ), name.replace("\n", " ")
    return {PROCESS_CHAIN: "\n".join([*known, *([name] if name not in known else [])])} if name else {}


def command_output(argv: Sequence[str], what: str, told: Mapping[str, str] | None = None) -> str:
    """What a command of the config prints: no shell, no terminal, a time limit, its own process group; `told` adds to its environment.

    Raises:
        RoledeckError: it could not be run, failed, took too long or said too much.
    """
    named = clean(argv[0] if argv else "", 200)
    try:
        child = subprocess.Popen(  # the argv is the user's own setting
            list(argv),
            env={**os.environ, **(told or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError):
        raise RoledeckError(f"The command for {what} cannot be run: {named}.", "Check its path in the config.") from None
    with child:
        try:
            output, _ = child.communicate(timeout=COMMAND_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise RoledeckError(f"The command for {what} took longer than {COMMAND_LIMIT} s: {named}.", "Try it in a shell.") from None
    if child.returncode:
        raise RoledeckError(f"The command for {what} failed with {child.returncode}: {named}.", "Try it in a shell.")
    if len(output) > OUTPUT_LIMIT:
        raise RoledeckError(f"The command for {what} printed too much: {named}.", "Try it in a shell.")
    return output.decode("utf-8", "replace")


def _from_process(source: Source, environ: Mapping[str, str], role_key: str) -> AccessKey:
    path = source.origin.path if source.origin else paths.shared_config_file(environ)
    _refuse_shared_file(path, environ)
    try:
        argv = shlex.split(source.details.get("credential_process", ""))
    except ValueError:
        argv = []
    try:
        answer = json.loads(command_output(argv, "credential_process", marked(environ, role_key)))
        key_id, secret, token = (answer.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
        version = answer.get("Version")
    except (ValueError, AttributeError, RecursionError):
        key_id = secret = token = version = None
    if version != 1 or not isinstance(key_id, str) or not isinstance(secret, str) or not isinstance(token, str | None):
        raise RoledeckError(
            f"The credential_process of {clean(source.profile or 'the source')} did not print credentials.",
            "It should print one JSON object with Version 1, AccessKeyId and SecretAccessKey.",
        )
    return AccessKey(key_id, Secret(secret), Secret(token) if token else None)


def _refuse_shared_file(path: str, environ: Mapping[str, str]) -> None:
    """A file that others can write must not decide what is run."""
    for place in (path, os.path.dirname(path)):
        try:
            facts = os.stat(place)
        except OSError:
            continue
        sticky = stat.S_ISDIR(facts.st_mode) and facts.st_mode & stat.S_ISVTX
        if facts.st_uid not in {os.geteuid(), 0} or (facts.st_mode & _OTHERS_WRITE and not sticky):
            raise ConfigUnusable(
                f"{clean(paths.shown(place, environ))} can be written by others, so its credential_process is not run.",
                f"chmod go-w {clean(place)}",
                clean(path),
            )
