"""Functions, containers, stacks, workflows, images."""

from __future__ import annotations

import io
import json
import zipfile
from functools import lru_cache
from types import SimpleNamespace

from tui_app.embedded_aws.world.seeders.place import Place, tag_list

_TEMPLATE = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}})
_HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
_MACHINE = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


def functions(place: Place) -> None:
    """Lambda functions that do nothing."""
    backend = place.backend("lambda")
    for line in place.estate.functions:
        name, runtime, memory = line.split()
        backend.create_function(
            {
                "FunctionName": name,
                "Runtime": runtime,
                "Role": place.role("app-functions"),
                "Handler": "handler.handle",
                "Code": {"ZipFile": _archive()},
                "MemorySize": int(memory),
                "Timeout": 30,
                "Description": f"{name.replace('-', ' ').capitalize()}.",
                "Publish": False,
                "Tags": {"managed-by": "terraform"},
            }
        )


@lru_cache
def _archive() -> str:
    import base64

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("handler.py"), "def handle(event, context):\n    return None\n")
    return base64.b64encode(target.getvalue()).decode()


def clusters(place: Place) -> None:
    """ECS clusters with their services."""
    ecs = place.backend("ecs")
    for cluster, services in place.estate.clusters.items():
        ecs.create_cluster(cluster)
        for service in services:
            container = {"name": service, "image": f"{cluster}/{service}:stable", "memory": 512, "cpu": 256}
            ecs.register_task_definition(f"{cluster}-{service}", [container])
            ecs.create_service(cluster, service, 2, task_definition_str=f"{cluster}-{service}")


def kubernetes(place: Place) -> None:
    """EKS clusters."""
    eks = place.backend("eks")
    for name in place.estate.kubernetes:
        subnets = [subnet.id for subnet in place.backend("ec2").describe_subnets()][:2]
        eks.create_cluster(name, place.role("eks-cluster"), {"subnetIds": subnets}, version="1.33")


def stacks(place: Place) -> None:
    """CloudFormation stacks whose only resource is a wait handle, so that they leave nothing in other services.

    moto cannot make one, so it is put beside what moto has parsed.
    """
    cloudformation = place.backend("cloudformation")
    for name in place.estate.stacks:
        stack = cloudformation.create_stack(name, _TEMPLATE, {}, tags={"managed-by": "platform"})
        handle = SimpleNamespace(
            logical_resource_id="Ready", physical_resource_id=f"{name}-ready", type=_HANDLE["Type"], cf_resource_type=_HANDLE["Type"]
        )
        stack.resource_map._resource_json_map["Ready"] = _HANDLE  # noqa: SLF001 - as the docstring says
        stack.resource_map._parsed_resources["Ready"] = handle  # noqa: SLF001


def state_machines(place: Place) -> None:
    """Step Functions state machines."""
    backend = place.backend("stepfunctions")
    for name in place.estate.machines:
        backend.create_state_machine(name, _MACHINE, place.role("workflows"), tag_list())


def images(place: Place) -> None:
    """ECR repositories."""
    ecr = place.backend("ecr")
    for name in place.estate.images:
        ecr.create_repository(name, None, {"encryptionType": "AES256"}, {"scanOnPush": True}, "MUTABLE", tag_list())
