"""The settings of the shared files that some program reads, and which program.

Sources: botocore 1.44 configprovider.py, AWS CLI v2, the SDKs and tools reference guide, aws-vault's vault/config.go, granted's and
extend-switch-roles' documentation.
"""

from __future__ import annotations

from collections.abc import Mapping

CREDENTIAL_SETTINGS = frozenset(
    {
        *("role_arn", "source_profile", "credential_source", "mfa_serial", "external_id", "duration_seconds", "role_session_name"),
        *("web_identity_token_file", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"),
        *("aws_account_id", "credential_process", "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
        *("sso_registration_scopes", "login_session"),
    }
)
CLIENT_SETTINGS = frozenset(
    {
        *("region", "output", "sts_regional_endpoints", "endpoint_url", "services", "ignore_configured_endpoint_urls", "ca_bundle"),
        *("use_fips_endpoint", "use_dualstack_endpoint", "retry_mode", "max_attempts", "metadata_service_timeout"),
        *("metadata_service_num_attempts", "ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode", "imds_use_ipv6"),
        *("ec2_metadata_v1_disabled", "defaults_mode", "sdk_ua_app_id", "account_id_endpoint_mode", "api_versions", "data_path"),
        *("parameter_validation", "tcp_keepalive", "request_min_compression_size_bytes", "disable_request_compression"),
        *("sigv4a_signing_region_set", "request_checksum_calculation", "response_checksum_validation", "auth_scheme_preference"),
        *(
            "endpoint_discovery_enabled",
            "disable_host_prefix_injection",
            "csm_enabled",
            "csm_host",
            "csm_port",
            "csm_client_id",
            "s3",
            "s3_use_arn_region",
        ),
        *("s3_us_east_1_regional_endpoint", "s3_disable_multiregion_access_points", "s3_disable_express_session_auth"),
        *("cli_pager", "cli_timestamp_format", "cli_binary_format", "cli_follow_urlparam", "cli_auto_prompt", "cli_history"),
        *("cli_error_format", "cli_help_output", "cli_legacy_plugin_path", "cli_query", "toolkit_artifact_guid", "signature_version"),
    }
)
SDK_SETTINGS = CREDENTIAL_SETTINGS | CLIENT_SETTINGS
SSO_SESSION_SETTINGS = frozenset({"sso_start_url", "sso_region", "sso_registration_scopes"})
BLOCKS = frozenset({"s3", "api_versions"})
"""Settings that are blocks of indented settings; those of `[services NAME]` are named after a service."""

VAULT, GRANTED, SWITCH_ROLES = "aws-vault", "Granted", "extend-switch-roles"
FOREIGN: Mapping[str, str] = {
    "source_identity": VAULT,
    "session_tags": VAULT,
    "transitive_session_tags": VAULT,
    "mfa_process": VAULT,
    "include_profile": VAULT,
    "parent_profile": VAULT,
    "web_identity_token_process": VAULT,
    "aws_account_alias": SWITCH_ROLES,
    "role_name": SWITCH_ROLES,
    "color": SWITCH_ROLES,
    "image": SWITCH_ROLES,
    "group": SWITCH_ROLES,
    "target_role_name": SWITCH_ROLES,
    "target_region": SWITCH_ROLES,
    "credential_process_auto_login": GRANTED,
    "description": "roledeck",
    "roledeck_keyring": "roledeck",
    "sso_account_name": "aws-sso-util",
    "sso_auto_populated": "aws-sso-util",
    "sso_interactive_auth": "aws-sso-util",
    "role_duration": "awsume",
    "autoawsume": "awsume",
    "manager": "awsume",
    "expiration": "aws-mfa",
    "assumed_role": "aws-mfa",
    "assumed_role_arn": "aws-mfa",
    "aws_mfa_device": "aws-mfa",
    "aws_saml_url": "aws-okta",
    "credential_type": "the AWS Toolkits",
}
FOREIGN_PREFIXES: Mapping[str, str] = {
    "granted_": GRANTED,
    "common_fate_": GRANTED,
    "azure_": "aws-azure-login",
    "okta_": "Okta's tools",
    "x_": "saml2aws",
    "google_config.": "aws-google-auth",
    "awsume_": "awsume",
}
OURS_TOO = frozenset(
    {
        *("source_identity", "session_tags", "transitive_session_tags", "mfa_process", "include_profile", "role_name", "color"),
        *("granted_color", "description", "target_role_name", "aws_account_alias", "roledeck_keyring"),
    }
)
"""Foreign settings that mean something here as well."""


def reader_of(setting: str) -> str:
    """The program outside AWS's own that reads the setting, or an empty text."""
    return FOREIGN.get(setting) or next((tool for prefix, tool in FOREIGN_PREFIXES.items() if setting.startswith(prefix)), "")
