"""What a `credential_process` prints.

Source: the AWS CLI's topic config-vars and botocore's ProcessProvider: JSON with Version 1; no shell; no Expiration: no end.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

from tui_app.errors import RoledeckError
from tui_app.model import Source
from tui_app.sessions.consent import Program
from tui_app.sessions.sources.answers import Granted, granted
from tui_app.sessions.sources.programs import Programs, marked
from tui_app.text import clean

SETTING = "credential_process"
_NAMES = ("AccessKeyId", "SecretAccessKey", "SessionToken")


def process_program(source: Source) -> Program:
    """The program that the source names; an argv of nothing where its quotes do not close."""
    try:
        argv = shlex.split(source.details.get(SETTING, ""))
    except ValueError:
        argv = []
    return Program(SETTING, tuple(argv), source.profile or "", source.origin)


def process_key(source: Source, programs: Programs, environ: Mapping[str, str], role_key: str, now: float) -> Granted:
    """The keys that the program prints; `role_key` is the role they are for.

    Raises:
        RoledeckError: it could not be run, or printed something else, or expired keys.
    """
    printed = programs.output(process_program(source), marked(environ, role_key))
    named = f"The credential_process of {clean(source.profile or 'the source')}"
    try:
        answer = json.loads(printed)
    except (ValueError, RecursionError):
        answer = None
    version = answer.get("Version") if isinstance(answer, dict) else None
    whose = f"The credentials that the credential_process of {clean(source.profile or 'the source')} printed"
    found = granted(answer, _NAMES, now, whose) if version == 1 and version is not True else None
    if found is None:
        raise RoledeckError(
            f"{named} did not print credentials.",
            "It should print one JSON object with Version 1, AccessKeyId and SecretAccessKey.",
        )
    return found
