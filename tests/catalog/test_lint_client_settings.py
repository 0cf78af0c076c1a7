"""Settings of clients whose value no tool can use: what botocore itself refuses over the same file, lint names."""

from __future__ import annotations

import os

import botocore.exceptions
import botocore.loaders
import botocore.session
import pytest

from tui_app.catalog.lint.client_settings import CHOICES, NUMBERS, SWITCHES
from tui_app.catalog.lint.run import lint
from tui_app.catalog.load import load_catalog

PROFILE = "[profile a]\nregion = us-east-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
LINE = PROFILE.count("\n") + 1
REFUSED = {
    "retry_mode = fast": "bad_choice",
    "retry_mode = Standard": "bad_choice",
    "sts_regional_endpoints = global": "bad_choice",
    "defaults_mode = on": "bad_choice",
    "ec2_metadata_service_endpoint_mode = ipv5": "bad_choice",
    "account_id_endpoint_mode = on": "bad_choice",
    "request_checksum_calculation = never": "bad_choice",
    "response_checksum_validation = never": "bad_choice",
    "s3_us_east_1_regional_endpoint = global": "bad_choice",
    "s3_disable_express_session_auth = perhaps": "bad_choice",
    "s3 =\n  addressing_style = paht": "bad_s3_choice",
    "s3 =\n  max_queue_size = 10\n  us_east_1_regional_endpoint = global": "bad_s3_choice",
    "max_attempts = many": "bad_number",
    "max_attempts = 0": "bad_number",
    "max_attempts = 3.0": "bad_number",
    "metadata_service_timeout = 0.5": "bad_number",
    "metadata_service_num_attempts = x": "bad_number",
    "request_min_compression_size_bytes = 0": "bad_number",
    "request_min_compression_size_bytes = 1048577": "bad_number",
    "endpoint_url = localhost:4566": "bad_endpoint_url",
    "endpoint_url = https://": "bad_endpoint_url",
    "s3 = path": "block_expected",
    "api_versions = 2012-08-10": "block_expected",
    "services = local": "services_not_there",
    "services = empty\n[services empty]": "services_not_there",
}
TAKEN = (
    "retry_mode = adaptive",
    "defaults_mode = In-Region",
    "account_id_endpoint_mode = Required",
    "request_checksum_calculation = WHEN_REQUIRED",
    "s3_disable_express_session_auth = True",
    "max_attempts = +5",
    "metadata_service_timeout = 0",
    "request_min_compression_size_bytes = 1048576",
    "endpoint_url = https://example.com:8443/path",
    "endpoint_url = http://[::1]:4566",
    "s3 =\n  addressing_style = virtual\n  us_east_1_regional_endpoint = legacy",
    "services = local\n[services local]\ndynamodb =\n  endpoint_url = https://example.com",
)
LOADER = botocore.loaders.Loader()
REFUSALS = (botocore.exceptions.BotoCoreError, ValueError, AttributeError)


@pytest.fixture
def read(tmp_path, monkeypatch):
    """What botocore makes of a profile with such a setting, and what lint says of its line."""

    def both(setting: str) -> tuple[bool, list[tuple[str, str]]]:
        (tmp_path / "config").write_text(f"{PROFILE}{setting}\n")
        environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": f"{tmp_path}/config", "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        found = lint(load_catalog(environ), environ, 0.0)
        return _refuses(monkeypatch, environ), [(one.rule, one.severity) for one in found if one.where.line == LINE]

    return both


def _refuses(monkeypatch, environ) -> bool:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    try:
        for service in ("sts", "s3"):
            session = botocore.session.Session(profile="a")
            session.register_component("data_loader", LOADER)
            session.create_client(service)
    except REFUSALS:
        return True
    return False


@pytest.mark.parametrize("setting", REFUSED)
def test_what_botocore_refuses_is_an_error(read, setting):
    assert read(setting) == (True, [(REFUSED[setting], "error")])


@pytest.mark.parametrize("setting", TAKEN)
def test_what_botocore_takes_is_in_peace(read, setting):
    assert read(setting) == (False, [])


@pytest.mark.parametrize("setting", ["use_fips_endpoint = yes", "ignore_configured_endpoint_urls = 1", "ec2_metadata_v1_disabled = on"])
def test_a_switch_that_is_neither_true_nor_false_is_off_to_the_aws_cli_and_named(read, setting):
    assert read(setting) == (False, [("bad_switch", "warning")])


@pytest.mark.parametrize(("setting", "mend"), [("output = jsno", "json"), ("retry_mode = Standard", "standard"), ("output = csv", "text")])
def test_the_mend_names_what_was_meant_or_all_there_are(tmp_path, setting, mend):
    (tmp_path / "config").write_text(f"{PROFILE}{setting}\n")
    environ = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": f"{tmp_path}/config"}
    (finding,) = lint(load_catalog(environ), environ, 0.0)
    assert mend in finding.mend


@pytest.mark.parametrize("setting", [*CHOICES, *NUMBERS, *SWITCHES])
def test_an_empty_value_is_named_once(read, setting):
    _, found = read(f"{setting} =")
    assert [rule for rule, _ in found] == ["empty_value"]


def test_a_bundle_that_is_not_there_is_named(read):
    assert read("ca_bundle = /nowhere/ca.pem") == (False, [("ca_bundle", "warning")])
