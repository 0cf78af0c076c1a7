"""What `chain` tells of other SDKs."""

from __future__ import annotations

import pytest

from tui_app.catalog import sdk_differences
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import load_catalog
from tui_app.catalog.sdk_differences import BOTOCORE, OTHERS, WOULD

ROLE = "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\n"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalr\n"
SSO = "sso_account_id = 777788889999\nsso_role_name = R\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
VIA_B = ROLE + "source_profile = b\n"


def notes(folder, config: str, credentials: str = "") -> tuple[str, ...]:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(credentials)
    catalog = load_catalog(
        {"HOME": str(folder), "AWS_CONFIG_FILE": f"{folder}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials"}
    )
    return resolve_chain(catalog, catalog.role("a")).notes


@pytest.mark.parametrize(
    ("config", "credentials", "expected"),
    [
        (VIA_B + f"[profile b]\n{KEYS}", "", ()),
        (VIA_B + "[profile b]\ncredential_process = p\n", "", ()),
        (VIA_B + "[profile b]\ncredential_process = p\n", f"[b]\n{KEYS}", ()),
        (
            VIA_B + f"[profile b]\ncredential_process = p\n{KEYS}",
            "",
            ("The JavaScript and Go SDKs would use the keys written in the profile b.",),
        ),
        (VIA_B + f"[profile b]\n{SSO}{KEYS}", "", ("The JavaScript and Go SDKs would use the keys written in the profile b.",)),
        (
            VIA_B + f"[profile b]\n{SSO}credential_process = p\n",
            "",
            ("The JavaScript SDK would run the credential_process of the profile b.",),
        ),
        (
            VIA_B + "credential_process = p\n" + f"[profile b]\n{KEYS}",
            "",
            ("The Go SDK would refuse the profile a, which has both source_profile and credential_process.",),
        ),
        (
            VIA_B + "web_identity_token_file = /t\n" + f"[profile b]\n{KEYS}",
            "",
            (
                "The Go SDK would refuse the profile a, which has both source_profile and web_identity_token_file.",
                "The JavaScript SDK would assume the role of the profile a.",
            ),
        ),
        (
            VIA_B + "mfa_serial = arn:aws:iam::444455556666:mfa/x\n" + f"[profile b]\n{KEYS}",
            "",
            ("The JavaScript and Go SDKs cannot ask for the code of the profile a.",),
        ),
        (
            VIA_B + "source_identity = me\nsession_tags = a=b\n" + f"[profile b]\n{KEYS}",
            "",
            ("The AWS CLI and the SDKs do not send the source_identity and session_tags of the profile a.",),
        ),
        (
            f"[profile a]\naws_account_id = 111122223333\nrole_name = R\nsource_profile = b\n[profile b]\n{KEYS}",
            "",
            ("The AWS CLI and the SDKs see no role in the profile a: it has no role_arn.",),
        ),
        (
            f"[profile c]\nsource_profile = b\n{ROLE}include_profile = c\n[profile b]\n{KEYS}",
            "",
            ("The AWS CLI and the SDKs do not read the include_profile of the profile a.",),
        ),
        (VIA_B, "", ()),
    ],
)
def test_a_chain_says_where_another_sdk_would_do_otherwise(tmp_path, config, credentials, expected):
    assert notes(tmp_path, config, credentials) == expected


def test_a_profile_of_granted_runs_its_program_elsewhere(tmp_path):
    granted = "".join(f"granted_{line}\n" for line in SSO.splitlines())
    said = notes(tmp_path, f"[profile a]\n{granted}credential_process = granted\n")
    assert said[1:] == (
        "The AWS CLI and the SDKs would run the credential_process of the profile a: they do not read its granted_ settings.",
    )


def test_every_way_has_its_words_and_its_place_in_every_order():
    ways = set(WOULD)
    assert [sdk.name for sdk in (BOTOCORE, *OTHERS) if set(sdk.order) - {sdk_differences.KEYS_IN_CREDENTIALS} != ways] == []
