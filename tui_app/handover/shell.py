"""Which shell to open, and how to mark its prompt: role, environment, and until when, without touching the user's own files.

bash and zsh read a small file of ours that first reads theirs and then removes itself; fish takes a command; any other shell gets PS1.
The mark is plain text of harmless characters, so that no shell finds anything in it to expand.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import field

from tui_app.clock import Clock, clock_time, wall_clock
from tui_app.handover.formats import fish as fish_quoted
from tui_app.handover.formats import sh as quoted
from tui_app.model import Role, Session
from tui_app.text import clean
from tui_app.values import frozen

SHELLS_FILE = "/etc/shells"
FALLBACK = "/bin/sh"
PROMPT_VARIABLE = "ROLEDECK_PROMPT"
_HARMLESS = frozenset("+=,.@_/:- ")
_INKS = {"prod": "1;97;41", "staging": "35", "dev": "36"}
_INK = "34"


@frozen
class ShellStart:
    """How to start a shell: argv, variables beside the child's own, a folder of ours that may be left, a sentence for the person."""

    argv: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    note: str = ""

    def tidy(self) -> None:
        """Remove what the shell did not remove itself."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_of_shell(environ: Mapping[str, str], mark: str, ink: str = "") -> ShellStart:
    """The user's shell with `mark` before its prompt; `ink` is an SGR sequence's numbers, or empty for none."""
    shell, note = users_shell(environ)
    kind = os.path.basename(shell)
    if kind == "bash":
        return _bash(shell, mark, ink, note)
    if kind == "zsh":
        return _zsh(shell, mark, ink, note, environ)
    if kind == "fish":
        return _fish(shell, mark, ink, note)
    return ShellStart((shell, "-i"), {PROMPT_VARIABLE: mark, "PS1": f"{mark} $ "}, note=note)


def prompt_mark(role: Role, session: Session | None, clock: Clock = wall_clock) -> str:
    """`[prod production/AdminRole until 13:28]`, in characters that no shell expands; without a session `renews` stands for its end."""
    name = f"{role.account.label}/{role.short_name}"
    until = f"until {clock_time(session.credentials.expires, clock())}" if session else "renews"
    words = " ".join(word for word in (role.account.environment, name, until) if word)
    return "[" + "".join(letter if letter.isalnum() or letter in _HARMLESS else "-" for letter in words) + "]"


def prompt_ink(role: Role, environ: Mapping[str, str]) -> str:
    """The SGR numbers for the role's environment; none where colours are not wanted."""
    if environ.get("NO_COLOR") or environ.get("TERM", "dumb") in {"", "dumb"}:
        return ""
    return _INKS.get(role.account.environment, _INK)


def with_program(environ: Mapping[str, str], program: str) -> Mapping[str, str]:
    """The environment in which `program`, the shell that the config names, stands in for SHELL; a bare name is looked up in PATH."""
    if not program:
        return environ
    found = program if os.path.isabs(program) else shutil.which(program, path=environ.get("PATH")) or program
    return {**environ, "SHELL": found}


def users_shell(environ: Mapping[str, str]) -> tuple[str, str]:
    """SHELL if it is one that this machine allows, else the account's own, else sh; and a sentence where it is not SHELL."""
    wanted = environ.get("SHELL", "")
    reason = _unfit(wanted)
    if not reason:
        return wanted, ""
    shell = next((candidate for candidate in (_accounts_shell(), FALLBACK) if candidate and not _unfit(candidate)), FALLBACK)
    return shell, f"SHELL {reason}; opening {shell}." if wanted else ""


def _unfit(shell: str) -> str:
    if not os.path.isabs(shell):
        return f"is {clean(shell)}, which is no absolute path" if shell else "is not set"
    try:
        facts = os.stat(shell)
    except OSError:
        return f"is {clean(shell)}, which is not there"
    if not stat.S_ISREG(facts.st_mode) or not os.access(shell, os.X_OK):
        return f"is {clean(shell)}, which cannot be run"
    allowed = _allowed_shells()
    return f"is {clean(shell)}, which is not in {SHELLS_FILE}" if allowed and shell not in allowed else ""


def _allowed_shells() -> frozenset[str]:
    try:
        with open(SHELLS_FILE, encoding="utf-8", errors="replace") as file:
            return frozenset(line.strip() for line in file if line.startswith("/"))
    except OSError:
        return frozenset()


def _accounts_shell() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""


def _folder(files: Mapping[str, str]) -> str:
    """A new private folder with these files, in which `FOLDER` stands for the folder's own quoted path."""
    folder = tempfile.mkdtemp(prefix="roledeck-shell-")
    for name, text in files.items():
        with open(os.path.join(folder, name), "x", encoding="utf-8", opener=_private) as file:
            file.write(text.replace("FOLDER", quoted(folder)))
    return folder


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _bash(shell: str, mark: str, ink: str, note: str) -> ShellStart:
    shown = f"\\[\\e[{ink}m\\]{mark}\\[\\e[0m\\]" if ink else mark
    script = f"""\
command rm -f -- FOLDER/bashrc
command rmdir -- FOLDER
if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
__roledeck_mark={quoted(shown)}
__roledeck_prompt() {{
  local code=$?
  case $PS1 in "$__roledeck_mark "*) ;; *) PS1="$__roledeck_mark $PS1" ;; esac
  return $code
}}
PROMPT_COMMAND="${{PROMPT_COMMAND-}}"$'\\n'__roledeck_prompt
"""
    folder = _folder({"bashrc": script})
    return ShellStart((shell, "--rcfile", os.path.join(folder, "bashrc"), "-i"), {PROMPT_VARIABLE: mark}, folder, note)


def _zsh(shell: str, mark: str, ink: str, note: str, environ: Mapping[str, str]) -> ShellStart:
    shown = f"%{{\x1b[{ink}m%}}{mark}%{{\x1b[0m%}}" if ink else mark
    users = environ.get("ZDOTDIR")
    restore = f"export ZDOTDIR={quoted(users)}" if users else "unset ZDOTDIR"
    first = f"""\
{restore}
if [[ -r ${{ZDOTDIR:-$HOME}}/.zshenv ]]; then . ${{ZDOTDIR:-$HOME}}/.zshenv; fi
__roledeck_users=${{ZDOTDIR-}}
ZDOTDIR=FOLDER
"""
    second = f"""\
command rm -f -- FOLDER/.zshenv FOLDER/.zshrc
command rmdir -- FOLDER
if [[ -n $__roledeck_users ]]; then export ZDOTDIR=$__roledeck_users; else unset ZDOTDIR; fi
if [[ ${{HISTFILE-}} == FOLDER/* ]]; then HISTFILE=${{ZDOTDIR:-$HOME}}/.zsh_history; fi
unset __roledeck_users
if [[ -r ${{ZDOTDIR:-$HOME}}/.zshrc ]]; then . ${{ZDOTDIR:-$HOME}}/.zshrc; fi
__roledeck_mark={quoted(shown)}
__roledeck_prompt() {{ if [[ $PROMPT != "$__roledeck_mark "* ]]; then PROMPT="$__roledeck_mark $PROMPT"; fi }}
precmd_functions+=(__roledeck_prompt)
"""
    folder = _folder({".zshenv": first, ".zshrc": second})
    return ShellStart((shell, "-i"), {PROMPT_VARIABLE: mark, "ZDOTDIR": folder}, folder, note)


def _fish(shell: str, mark: str, ink: str, note: str) -> ShellStart:
    # fish cuts a prompt that is too wide at its front, where the mark is: a long one gets a line of its own
    shown = f"\x1b[{ink}m{mark}\x1b[0m" if ink else mark
    command = f"""\
functions --query fish_prompt; and functions --copy fish_prompt __roledeck_prompt
function __roledeck_status; return $argv[1]; end
function fish_prompt
    set --local code $status
    printf '%s' {fish_quoted(shown)}
    if test {len(mark) * 2} -gt $COLUMNS
        echo
    else
        printf ' '
    end
    if functions --query __roledeck_prompt
        __roledeck_status $code
        __roledeck_prompt
    else
        printf '> '
    end
end
"""
    return ShellStart((shell, "--init-command", command, "-i"), {PROMPT_VARIABLE: mark}, note=note)
