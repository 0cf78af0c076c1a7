"""Where files lie. Nothing here creates a folder or opens a file; imported on the hot path, so only `os`."""

from __future__ import annotations

import os
from collections.abc import Mapping

DEMO_FOLDER = "roledeck-demo-"
"""A demo's folder has this prefix; its cache and state stay inside it, so that nothing of a demo reaches the user's own."""

LENT_FOLDER = "roledeck-lent-"
"""A folder of this prefix has the shared files of one child whose credentials renew; they are for SDKs, and hide the user's own."""
OWN = {"AWS_CONFIG_FILE": "ROLEDECK_AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE": "ROLEDECK_AWS_SHARED_CREDENTIALS_FILE"}
"""What such a child is told of the user's own files, for this program alone."""

Environment = Mapping[str, str]


def home(environ: Environment) -> str:
    """The home folder, by the AWS SDK's rule: HOME, USERPROFILE, HOMEDRIVE with HOMEPATH, then the account's own."""
    if environ.get("HOME"):
        return environ["HOME"]
    if environ.get("USERPROFILE"):
        return environ["USERPROFILE"]
    if environ.get("HOMEPATH"):
        return environ.get("HOMEDRIVE", "") + environ["HOMEPATH"]
    return os.path.expanduser("~")


def expand(path: str, environ: Environment) -> str:
    """`path` with a leading `~` taken from `environ`, not from this process; `~name` is that user's home."""
    if path == "~" or path.startswith(("~/", "~\\")):
        return home(environ).rstrip("/") + path[1:] or "/"
    return os.path.expanduser(path) if path.startswith("~") else path


def shared_config_file(environ: Environment) -> str:
    """The AWS shared config file: AWS_CONFIG_FILE or `~/.aws/config`."""
    return expand(_with_variables(_own(environ, "AWS_CONFIG_FILE") or "~/.aws/config", environ), environ)


def shared_credentials_file(environ: Environment) -> str:
    """The AWS shared credentials file: AWS_SHARED_CREDENTIALS_FILE or `~/.aws/credentials`."""
    return expand(_with_variables(_own(environ, "AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials", environ), environ)


def lent(environ: Environment) -> bool:
    """Whether this environment is that of a child whose credentials renew, so that SDKs see no profile of the user's."""
    return any(_is_lent(environ.get(name) or "") for name in OWN)


def with_own_files(environ: Environment) -> dict[str, str]:
    """`environ` with the user's own shared files where it has those of such a child."""
    kept = {name: value for name, value in environ.items() if name not in OWN.values() and not (name in OWN and _is_lent(value))}
    return kept | {name: own for name in OWN if _is_lent(environ.get(name) or "") and (own := _own(environ, name))}


def _own(environ: Environment, name: str) -> str:
    path = environ.get(name) or ""
    return environ.get(OWN[name]) or "" if _is_lent(path) else path


def _is_lent(path: str) -> bool:
    return os.path.basename(os.path.dirname(path)).startswith(LENT_FOLDER)


def user_config_file(environ: Environment) -> str:
    """Our own config: ROLEDECK_CONFIG or `$XDG_CONFIG_HOME/roledeck/config.toml`."""
    if environ.get("ROLEDECK_CONFIG"):
        return expand(environ["ROLEDECK_CONFIG"], environ)
    return _base(environ, "XDG_CONFIG_HOME", "~/.config") + "/roledeck/config.toml"


def fragments_folder(environ: Environment) -> str:
    """The folder of fragments that the program writes: `config.d` beside our own config."""
    return os.path.join(os.path.dirname(user_config_file(environ)) or ".", "config.d")


def sessions_folder(environ: Environment) -> str:
    """The session cache: `$XDG_CACHE_HOME/roledeck/sessions`, or inside the demo's own folder."""
    return (demo_folder(environ) or _base(environ, "XDG_CACHE_HOME", "~/.cache") + "/roledeck") + "/sessions"


def index_folder(environ: Environment) -> str:
    """The fast-path index, beside the session cache."""
    return sessions_folder(environ)[: -len("sessions")] + "index"


def discovered_folder(environ: Environment) -> str:
    """What Identity Center has told of before, beside the session cache."""
    return sessions_folder(environ)[: -len("sessions")] + "discovered"


def state_folder(environ: Environment) -> str:
    """Favourites, recents, theme, journal: `$XDG_STATE_HOME/roledeck`, or inside the demo's own folder."""
    demo = demo_folder(environ)
    return demo + "/state" if demo else _base(environ, "XDG_STATE_HOME", "~/.local/state") + "/roledeck"


def sign_ins_folder(environ: Environment) -> str:
    """The AWS CLI's own folder of Identity Center tokens: `~/.aws/sso/cache`, or its like inside the demo's own folder."""
    demo = demo_folder(environ)
    return demo + "/aws/sso/cache" if demo else home(environ) + "/.aws/sso/cache"


def login_folder(environ: Environment) -> str:
    """The AWS CLI's own folder of `aws login`: AWS_LOGIN_CACHE_DIRECTORY, else `~/.aws/login/cache` or its like in the demo's folder."""
    if environ.get("AWS_LOGIN_CACHE_DIRECTORY"):
        return expand(_with_variables(environ["AWS_LOGIN_CACHE_DIRECTORY"], environ), environ).rstrip("/") or "/"
    demo = demo_folder(environ)
    return demo + "/aws/login/cache" if demo else home(environ) + "/.aws/login/cache"


def cli_cache_folder(environ: Environment) -> str:
    """The AWS CLI's own folder of assumed roles, `~/.aws/cli/cache`; the CLI keeps a demo's there too."""
    return home(environ) + "/.aws/cli/cache"


def demo_folder(environ: Environment) -> str:
    """The folder of the demo that this environment points at, or an empty text."""
    folder = os.path.dirname(environ.get("ROLEDECK_CONFIG") or "")
    return folder if os.path.basename(folder).startswith(DEMO_FOLDER) else ""


def shown(path: str, environ: Environment) -> str:
    """`path` as a person writes it, with `~` for the home folder."""
    root = home(environ).rstrip("/")
    return "~" + path[len(root) :] if root and path.startswith(root + "/") else path


def _with_variables(path: str, environ: Environment) -> str:
    """`path` with `$NAME` and `${NAME}` filled in, as botocore does; names that are not set stay as they are."""
    before, sign, rest = path.partition("$")
    if not sign:
        return path
    if rest.startswith("{") and "}" in rest:
        name, _, after = rest[1:].partition("}")
        written = "${" + name + "}"
    else:
        after = rest.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
        name = rest[: len(rest) - len(after)]
        written = "$" + name
    return before + environ.get(name, written) + _with_variables(after, environ)


def _base(environ: Environment, variable: str, default: str) -> str:
    chosen = environ.get(variable) or ""
    return chosen.rstrip("/") if os.path.isabs(chosen) else expand(default, environ)


def sample(name: str) -> str:
    """A file of `config/`: inside the installed package, else in the checkout that this module runs from."""
    package = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(package, "_config", name)
    return installed if os.path.exists(installed) else os.path.join(os.path.dirname(package), "config", name)
