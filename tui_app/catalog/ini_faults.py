"""What can be wrong in a shared config or credentials file: a sentence, what to do, and whether the setting is lost."""

from __future__ import annotations

from tui_app.model import Origin, Problem
from tui_app.text import clean
from tui_app.values import frozen

SHOWN = 60


@frozen
class Fault:
    """A kind of fault. `lost`: the line is not used; otherwise it is, and other AWS tools would read or refuse it."""

    sentence: str
    mend: str = ""
    lost: bool = True


FAULTS: dict[str, Fault] = {
    "unclosed_section": Fault('The section {name} does not end with "]", so it is not read.', 'Add the "]".'),
    "comment_in_section": Fault('The section {name} has a "#" or ";" inside its brackets.', "Rename it.", lost=False),
    "text_after_section": Fault("There is text after the section {name}.", "Put it on a line of its own.", lost=False),
    "bracket_in_comment": Fault(
        'The comment after the section {name} has a "]"; the AWS CLI takes all before it for the name.',
        "Put the comment on a line of its own.",
        lost=False,
    ),
    "padded_section": Fault(
        "The section {name} has a space at its bracket; the AWS CLI does not find it.", "Leave out the space.", lost=False
    ),
    "indented_section": Fault(
        "The section {name} is indented; only the AWS CLI reads that.",
        "Start it at the first column.",
        lost=False,
    ),
    "two_spellings": Fault(
        "The section {name} is there in two spellings; the AWS CLI uses only the last of them.", "Merge them.", lost=False
    ),
    "unnamed_section": Fault("A section has no name, so it is not read.", "Write [profile NAME]."),
    "bad_section_name": Fault(
        "The section {name} has no readable name, so it is not read.", 'Put a name with spaces in quotes: [profile "my name"].'
    ),
    "not_a_profile": Fault(
        "The section {name} is not a profile, so it is not read.",
        "In the config file a section is [profile NAME], [sso-session NAME] or [services NAME]; only [default] stands alone.",
    ),
    "prefix_in_credentials": Fault(
        "The section {name} is not read: the credentials file has no prefixes.", "Leave out the word before the name."
    ),
    "default_in_capitals": Fault("The section {name} is not read; the AWS CLI gives its settings to every profile.", "Write [default]."),
    "two_defaults": Fault("The section {name} is not used, because [profile default] is there too.", "Keep one of them."),
    "later_default": Fault("The AWS CLI uses [default] instead of {name}, because it comes later.", "Keep one of them.", lost=False),
    "outside_section": Fault(
        "This setting stands before the first section, so it belongs to no profile.",
        "Put it under a [profile NAME] line.",
    ),
    "no_equals": Fault('This line has no "=", so it is not read.', "Write name = value."),
    "no_name": Fault('There is no name before the "=".', "Write name = value."),
    "stray_continuation": Fault(
        "This indented line continues a setting, and there is none above it.",
        "Write name = value.",
    ),
    "nested_no_equals": Fault('This nested setting has no "=", so it is not read.', "Write name = value."),
    "nested_no_name": Fault('There is no name before the "=".', "Write name = value."),
    "broken_nested_setting": Fault(
        "This nested setting has a control character, at which the AWS CLI breaks the line.", "Remove it.", lost=False
    ),
    "colon": Fault(
        'The setting {name} is written with ":"; only the AWS CLI and the Go SDK read that.',
        'Write "=".',
        lost=False,
    ),
    "indented_setting": Fault(
        "The setting {name} is indented; only the AWS CLI reads that.",
        "Start it at the first column.",
        lost=False,
    ),
    "duplicate_section": Fault("The section {name} is there twice; the AWS CLI refuses the whole file.", "Merge them.", lost=False),
    "duplicate_setting": Fault("The setting {name} is there twice; the AWS CLI refuses the whole file.", "Keep one.", lost=False),
    "inline_comment": Fault("The AWS CLI takes the comment as part of the value of {name}.", "Put it on a line of its own.", lost=False),
    "gap_in_value": Fault("The value of {name} goes on after a gap; the AWS CLI keeps empty lines in it.", "Close the gap.", lost=False),
    "control_character": Fault("This line has a NUL character.", "Remove it."),
    "not_utf8": Fault("This line is not UTF-8; the AWS CLI refuses the whole file.", "Save the file as UTF-8."),
    "not_text": Fault("The file is not UTF-8 text, so it is not read.", "Save it as UTF-8."),
    "byte_order_mark": Fault(
        "The file starts with a byte order mark; the AWS CLI refuses the whole file.", "Save it as UTF-8 without one.", lost=False
    ),
}


def finding(kind: str, path: str, line: int, name: str = "") -> Problem:
    """The fault as a problem at its line; only names are shown, never values."""
    fault = FAULTS[kind]
    return Problem(kind, fault.sentence.format(name=clean(name, SHOWN)), Origin(path, line), fault.mend)
