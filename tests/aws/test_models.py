"""Lean service models are botocore's own: all that the product asks for reads the same; what is laid out otherwise is read whole."""

from __future__ import annotations

import gzip
import json
import threading

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from tui_app.aws.boto import OwnLoader
from tui_app.aws.models import Unfit, lean_model
from tui_app.explorer.views import SUB_VIEWS, VIEWS

OTHERS = ("timestream-query", "apigatewayv2", "sso", "sso-oidc", "cloudtrail", "accessanalyzer", "resource-explorer-2", "sts")
SERVICES = sorted({view.service for view in (*VIEWS, *SUB_VIEWS)} | set(OTHERS))


def wordless(value):
    if isinstance(value, dict):
        return {name: "" if name == "documentation" and isinstance(item, str) else wordless(item) for name, item in value.items()}
    return [wordless(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def loaders():
    return OwnLoader(light=False), Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_and_shape_is_botocores(loaders, service):
    ours, theirs = (loader.load_service_model(service, "service-2") for loader in loaders)
    stock = wordless(theirs)
    assert type(ours["shapes"]) is not type(theirs["shapes"]), "the model was read whole"
    assert {name: wordless(ours[name]) for name in ours if name not in ("operations", "shapes")} == {
        name: stock[name] for name in stock if name not in ("operations", "shapes")
    }
    for part in ("operations", "shapes"):
        for name, entry in stock[part].items():
            found = wordless(ours[part][name])
            assert found == entry
            assert list(found.get("members", ())) == list(entry.get("members", ())), "requests are written in this order"


@pytest.mark.parametrize("service", SERVICES)
def test_what_botocore_goes_through_a_model_for_is_met(loaders, service):
    ours, theirs = (ServiceModel(loader.load_service_model(service, "service-2"), service) for loader in loaders)
    assert {shape.name for shape in ours.error_shapes} == {shape.name for shape in theirs.error_shapes}
    assert ours.endpoint_discovery_required == theirs.endpoint_discovery_required
    assert getattr(ours.endpoint_discovery_operation, "name", "") == getattr(theirs.endpoint_discovery_operation, "name", "")


def test_an_entry_that_is_nowhere_is_a_key_error(loaders):
    model = loaders[0].load_service_model("sqs", "service-2")
    assert "Teleport" not in model["operations"]
    assert model["shapes"].get("Teleport") is None
    with pytest.raises(KeyError):
        model["operations"]["Teleport"]


def test_threads_read_one_model_together(loaders):
    del loaders
    model = OwnLoader(light=False).load_service_model("ec2", "service-2")
    names = ["DescribeInstances", "DescribeVpcs", "DescribeSubnets", "DescribeVolumes"] * 4
    found = []

    def read(name):
        operation = model["operations"][name]
        found.append(model["shapes"][operation["output"]["shape"]]["type"])

    threads = [threading.Thread(target=read, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["structure"] * len(names)


SMALL = {"metadata": {"protocol": "json"}, "operations": {"A": {"name": "A", "input": {"shape": "B"}}}, "shapes": {"B": {"type": "string"}}}


def packed(tmp_path, text):
    path = tmp_path / "service-2.json.gz"
    path.write_bytes(gzip.compress(text) if isinstance(text, bytes) else gzip.compress(text.encode()))
    return str(path)


def test_a_model_laid_out_as_usual(tmp_path):
    model = lean_model(packed(tmp_path, json.dumps(SMALL, indent=2)))
    assert model["operations"]["A"] == SMALL["operations"]["A"]
    assert model["shapes"]["B"] == SMALL["shapes"]["B"]
    assert model["metadata"] == SMALL["metadata"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", json.dumps(SMALL), json.dumps(SMALL, indent=4), '{\n  "operations":{},\n  "shapes":{}\n}']
)
def test_a_model_laid_out_otherwise_is_left_to_botocore(tmp_path, text):
    with pytest.raises(Unfit):
        lean_model(packed(tmp_path, text))


def test_an_entry_laid_out_otherwise_is_read_all_the_same(tmp_path):
    usual = json.dumps(SMALL | {"shapes": {"B": {"type": "string"}, "C": {"type": "list"}}}, indent=2)
    model = lean_model(packed(tmp_path, usual.replace('    "C": {', '     "C" : {')))
    assert model["shapes"]["C"] == {"type": "list"}


def test_what_is_not_packed_is_left_to_botocore(tmp_path):
    path = tmp_path / "service-2.json.gz"
    path.write_bytes(b"{}")
    with pytest.raises(Unfit):
        lean_model(str(path))
