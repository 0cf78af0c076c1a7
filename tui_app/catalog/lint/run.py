"""All rules over all files and the environment; nothing is contacted, run, or opened beyond the config files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.catalog.foreign_settings import filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.ini_headers import CONFIG, CREDENTIALS
from tui_app.catalog.lint import reader
from tui_app.catalog.lint.chains import CHAIN_RULES, LOOP_RULES
from tui_app.catalog.lint.client_settings import CLIENT_RULES, SERVICES_RULES
from tui_app.catalog.lint.environment import ENVIRONMENT_RULES, Surroundings
from tui_app.catalog.lint.findings import ENVIRONMENT, Finding, Severity, found_by
from tui_app.catalog.lint.likely import Likely
from tui_app.catalog.lint.logins import LOGIN_RULES
from tui_app.catalog.lint.own import OWN_ROLE_RULES, OWN_RULES, Own, OwnRole
from tui_app.catalog.lint.partitions import PARTITION_RULES
from tui_app.catalog.lint.places import PLACE_RULES, Place
from tui_app.catalog.lint.processes import PROCESS, PROCESS_RULES
from tui_app.catalog.lint.profiles import PROFILE_RULES, SETTING_RULES, SSO_SESSION_RULES, Profile
from tui_app.catalog.lint.values import EVERY_VALUE, VALUE_RULES, Value, by_setting
from tui_app.catalog.lint.written import LINE_RULES, is_odd, lines_of
from tui_app.catalog.load import Catalog
from tui_app.catalog.shared_config import shared_files
from tui_app.catalog.user_config import read_user_config
from tui_app.model import Origin, Role

ORDINARY = frozenset({"code_cannot_be_asked", "login_in_python"})
"""Rules that object to what is right and usual."""
_OF_VALUES = (VALUE_RULES, CLIENT_RULES, LOGIN_RULES)
_BY_SETTING = by_setting(*_OF_VALUES)
_PLAIN = str.maketrans("", "", "\n\\\"'")


def lint(catalog: Catalog, environ: Mapping[str, str], now: float, *, everything: bool = False) -> tuple[Finding, ...]:
    """What is found, by file and line, the environment last; `now` in epoch seconds. `everything`: also what holds for most good files."""
    found = [
        *reader.reported(catalog),
        *_files(catalog, environ),
        *_profiles(catalog, environ),
        *_sso_sessions(catalog, environ),
        *_services(catalog, environ),
        *found_by(LOOP_RULES, catalog.shared),
        *_own(catalog, environ),
        *found_by(ENVIRONMENT_RULES, Surroundings(environ, catalog.shared, now)),
    ]
    return tuple(sorted((finding for finding in _once(found) if everything or finding.rule not in ORDINARY), key=_order))


def rules() -> dict[str, tuple[Severity, str]]:
    """Every rule with its severity and one line about it, by its id."""
    of_values = {name: rule for table in _OF_VALUES for name, (_, rule) in table.items()}
    tables = (
        LINE_RULES, EVERY_VALUE, of_values, PROCESS_RULES,
        PROFILE_RULES, SERVICES_RULES, SETTING_RULES, CHAIN_RULES, PARTITION_RULES, LOOP_RULES, SSO_SESSION_RULES, PLACE_RULES,
        OWN_ROLE_RULES, OWN_RULES, ENVIRONMENT_RULES,
    )  # fmt: skip
    ours = {name: (rule.severity, rule.about) for table in tables for name, rule in table.items()}
    return reader.rules() | ours


def _profiles(catalog: Catalog, environ: Mapping[str, str]) -> Iterator[Finding]:
    likely = Likely(catalog.shared.profiles)
    for section in catalog.shared.profiles.values():
        yield from _profile(Profile(section, catalog.shared, likely), environ)


def _profile(profile: Profile, environ: Mapping[str, str]) -> Iterator[Finding]:
    section, shared = profile.section, profile.shared
    yield from found_by(PROFILE_RULES, profile)
    yield from found_by(SERVICES_RULES, profile)
    yield from found_by(SETTING_RULES, profile)
    in_full = profile._replace(section=filled(shared.profiles, section))
    yield from found_by(CHAIN_RULES, in_full)
    yield from found_by(PARTITION_RULES, in_full)
    yield from _values(section, environ)
    yield from _values(_overridden(profile), environ)
    if PROCESS in section.values:
        yield from found_by(PROCESS_RULES, _value(section, PROCESS, environ))


def _overridden(profile: Profile) -> Section:
    """What the config file says of the profile and the credentials file says again, which goes first."""
    section, mine = profile.section, profile.shared.in_config.get(profile.section.name)
    lost = (
        {} if mine is None or mine is section else {name: value for name, value in mine.values.items() if section.values[name] is not value}
    )
    return Section(section.name, section.path, section.line, lost)


def of_role(catalog: Catalog, role: Role, environ: Mapping[str, str]) -> tuple[Finding, ...]:
    """Errors and warnings about the one role's own place in the files, the worst first."""
    found: list[Finding] = []
    section = catalog.shared.profiles.get(role.profile) if role.profile else None
    places = {origin for origin in role.origins.values() if origin.line}
    if section is not None:
        found += _profile(Profile(section, catalog.shared, Likely(catalog.shared.profiles)), environ)
        places = {section.here, *(Origin(path, line) for _, line, path in section.values.values())}
    elif places:
        found += found_by(OWN_ROLE_RULES, OwnRole(catalog, role, _names(catalog)))
    found += reader.reported(catalog, places)
    return tuple(sorted((one for one in _once(found) if one.severity != "hint"), key=lambda one: (one.severity, one.where.line)))


def _values(section: Section, environ: Mapping[str, str]) -> Iterator[Finding]:
    for setting, (text, _, _) in section.values.items():
        special = _BY_SETTING.get(setting)
        is_plain = bool(text) and text.translate(_PLAIN) == text and setting.isidentifier()
        if special is None and is_plain:
            continue
        value = _value(section, setting, environ)
        if not is_plain:
            yield from found_by(EVERY_VALUE, value)
        if special is not None:
            yield from found_by(special, value)


def _value(section: Section, setting: str, environ: Mapping[str, str]) -> Value:
    origin = section.origin(setting)
    return Value(section, setting, section.get(setting), origin or section.here, environ)


def _files(catalog: Catalog, environ: Mapping[str, str]) -> Iterator[Finding]:
    profiles = (catalog.shared.in_config, catalog.shared.in_credentials)
    for path, kind, sections in zip(shared_files(environ), (CONFIG, CREDENTIALS), profiles, strict=True):
        yield from found_by(PLACE_RULES, Place(path, sections))
        for line in lines_of(path, kind):
            if is_odd(line.text):
                yield from found_by(LINE_RULES, line)


def _sso_sessions(catalog: Catalog, environ: Mapping[str, str]) -> Iterator[Finding]:
    for section in catalog.shared.sso_sessions.values():
        yield from found_by(SSO_SESSION_RULES, section)
        yield from _values(section, environ)


def _services(catalog: Catalog, environ: Mapping[str, str]) -> Iterator[Finding]:
    """The endpoints of `[services NAME]`, each in the block of its service."""
    if not catalog.shared.services:
        return
    lines = [*lines_of(shared_files(environ)[0], CONFIG)]
    for section in catalog.shared.services.values():
        blocks = {line for _, line, _ in section.values.values()}
        inside = False
        for line in lines:
            inside = line.number in blocks or (inside and line.text[0].isspace())
            name, _, url = line.text.partition("=")
            if inside and name.strip() == "endpoint_url":
                entry = url.strip(), line.number, line.path
                yield from _values(Section(f"services {section.name}", line.path, line.number, {"endpoint_url": entry}), environ)


def _own(catalog: Catalog, environ: Mapping[str, str]) -> Iterator[Finding]:
    user = read_user_config(environ)
    if not user.accounts:
        return
    yield from found_by(OWN_RULES, Own(catalog, user.accounts))
    ours, likely = {stamp.path for stamp in user.stamps}, _names(catalog)
    for role in catalog.roles:
        if role.profile is None and role.origin is not None and role.origin.path in ours:
            yield from found_by(OWN_ROLE_RULES, OwnRole(catalog, role, likely))


def _names(catalog: Catalog) -> Likely:
    return Likely([*catalog.shared.profiles, *(role.key for role in catalog.roles)])


def _once(found: list[Finding]) -> list[Finding]:
    """The same place is named once for the same rule and the same sentence."""
    return list(dict.fromkeys(found))


def _order(finding: Finding) -> tuple[bool, str, int, str]:
    return finding.where.path.startswith(ENVIRONMENT), finding.where.path, finding.where.line, finding.rule
