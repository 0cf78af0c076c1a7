"""Which shell to open, and how to mark its prompt: role, environment, and until when, without touching the user's own files.

bash and zsh read a small file of ours that first reads theirs and then removes itself; fish takes a command; any other shell gets PS1.
The mark is plain text of harmless characters, so that no shell finds anything in it to expand.
"""

from __future__ import annotations

import os
import pwd
import re
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
_COLOURS = {
    "red": "31", "pink": "95", "violet": "35", "purple": "35", "magenta": "35", "teal": "36", "cyan": "36", "blue": "34", "sand": "33",
    "brown": "33", "green": "32", "amber": "33", "orange": "33", "yellow": "33", "grey": "90", "gray": "90", "white": "1", "black": "1",
}  # fmt: skip
"""The terminal's own colours, so that they can be read on its ground; white and black are the text's, in bold."""
_HEX = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")


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


def start_of_shell(environ: Mapping[str, str], mark: str, ink: str = "", program: str = "") -> ShellStart:
    """The user's shell with `mark` before its prompt; `ink` is an SGR sequence's numbers, or empty for none; `program` as `users_shell`."""
    shell, note = users_shell(environ, program)
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


def prompt_ink(role: Role, environ: Mapping[str, str], colour: str = "") -> str:
    """The SGR numbers for the role: its own colour, else `colour`, which the files give to its environment, else the built-in one.

    None where colours are not wanted.
    """
    if environ.get("NO_COLOR") or environ.get("TERM", "dumb") in {"", "dumb"}:
        return ""
    return _ink(role.color, environ) or _ink(colour, environ) or _INKS.get(role.account.environment, _INK)


def _ink(colour: str, environ: Mapping[str, str]) -> str:
    """The numbers for a colour's name or `#rrggbb`; an empty text for what is neither."""
    word = colour.strip().casefold()
    channels = _HEX.fullmatch(word)
    if not channels:
        return _COLOURS.get(word, "")
    red, green, blue = (int(part, 16) for part in channels.groups())
    if environ.get("COLORTERM", "") in {"truecolor", "24bit"}:
        return f"38;2;{red};{green};{blue}"
    # the cube of 6 x 6 x 6 that every terminal with 256 colours has
    return f"38;5;{16 + 36 * round(red / 51) + 6 * round(green / 51) + round(blue / 51)}"


def users_shell(environ: Mapping[str, str], program: str = "") -> tuple[str, str]:
    """`program`, the shell that the config names; else SHELL if it is one that this machine allows, else the account's own, else sh.

    With it a sentence where it is not the one that was wanted. A bare name is looked up in PATH.
    """
    if program:
        wanted = program if os.path.isabs(program) else shutil.which(program, path=environ.get("PATH")) or program
        reason, setting = _cannot_run(wanted), "[shell] program"
    else:
        wanted = environ.get("SHELL", "")
        reason, setting = _cannot_run(wanted) or _not_allowed(wanted), "SHELL"
    if not reason:
        return wanted, ""
    shell = next((candidate for candidate in (_accounts_shell(), FALLBACK) if candidate and not _unfit(candidate)), FALLBACK)
    return shell, f"{setting} {reason}; opening {shell}." if wanted else ""


def _unfit(shell: str) -> str:
    return _cannot_run(shell) or _not_allowed(shell)


def _cannot_run(shell: str) -> str:
    if not os.path.isabs(shell):
        return f"is {clean(shell)}, which is no absolute path" if shell else "is not set"
    try:
        facts = os.stat(shell)
    except (OSError, ValueError):
        return f"is {clean(shell)}, which is not there"
    return "" if stat.S_ISREG(facts.st_mode) and os.access(shell, os.X_OK) else f"is {clean(shell)}, which cannot be run"


def _not_allowed(shell: str) -> str:
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
    # fish cuts a prompt that is too wide at its front, where the mark is: then the mark gets a line of its own
    shown = f"\x1b[{ink}m{mark}\x1b[0m" if ink else mark
    command = f"""\
functions --query fish_prompt; and functions --copy fish_prompt __roledeck_prompt
function __roledeck_status; return $argv[1]; end
function fish_prompt
    set --local code $status
    set --local own '> '
    if functions --query __roledeck_prompt
        set own (__roledeck_status $code; __roledeck_prompt)
    end
    set --local wide (string length --visible -- "$own[1]" 2>/dev/null; or echo $COLUMNS)
    printf '%s' {fish_quoted(shown)}
    if test (math {len(mark)} + $wide[1] + 1) -ge $COLUMNS
        echo
    else
        printf ' '
    end
    string join \\n -- $own
end
"""
    return ShellStart((shell, "--init-command", command, "-i"), {PROMPT_VARIABLE: mark}, note=note)
