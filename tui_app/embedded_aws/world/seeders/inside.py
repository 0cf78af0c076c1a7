"""What lies inside clusters, state machines, repositories and log groups."""

from __future__ import annotations

import json

from tui_app.embedded_aws.world.seeders.place import Place, given

_LINES = (
    "started with 4 workers",
    "GET /health 200 3ms",
    "GET /orders 200 41ms",
    "POST /orders 201 87ms",
    "GET /orders/1042 404 6ms",
    "queue is empty, waiting",
)
_GROUPS_WITH_LINES = 3
_FIRST_LINE = 1_795_000_000_000
"""Milliseconds: in November 2026."""


def tasks(place: Place) -> None:
    """Two Fargate tasks of each cluster's first service."""
    from moto.moto_api import state_manager

    # moto lets a task go a step towards its end each time somebody looks; these run for as long as the demo
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 1_000_000})
    ecs = place.backend("ecs")
    subnets = [subnet.id for subnet in place.backend("ec2").describe_subnets()][:1] if place.estate.clusters else []
    for cluster, services in place.estate.clusters.items():
        given(
            ecs.run_task,
            cluster_str=cluster,
            task_definition_str=f"{cluster}-{services[0]}",
            count=2,
            started_by="ecs-svc/1",
            launch_type="FARGATE",
            networking_configuration={"awsvpcConfiguration": {"subnets": subnets}},
            group=f"service:{services[0]}",
        )


def nodegroups(place: Place) -> None:
    """One node group for each Kubernetes cluster."""
    eks = place.backend("eks")
    for name in place.estate.kubernetes:
        subnets = [subnet.id for subnet in place.backend("ec2").describe_subnets()][:2]
        eks.create_nodegroup(name, place.role("eks-nodes"), f"{name}-nodes", subnets)


def executions(place: Place) -> None:
    """One run of each state machine."""
    backend = place.backend("stepfunctions")
    for name in place.estate.machines:
        arn = f"arn:aws:states:{place.region}:{place.account.id}:stateMachine:{name}"
        backend.start_execution(arn, "2026-11-20", "{}")


def pushed(place: Place) -> None:
    """One image in each repository."""
    ecr = place.backend("ecr")
    for name in place.estate.images:
        manifest = {"schemaVersion": 2, "config": {"size": 7023, "digest": "sha256:" + "0" * 64}, "layers": [], "name": name}
        ecr.put_image(name, json.dumps(manifest), "stable", "application/vnd.docker.distribution.manifest.v2+json")


def log_lines(place: Place) -> None:
    """A stream with a few lines in the first log groups."""
    backend = place.backend("logs")
    for name in place.estate.logs[:_GROUPS_WITH_LINES]:
        backend.create_log_stream(name, "2026/11/20/main")
        lines = [{"timestamp": _FIRST_LINE + 1000 * number, "message": line} for number, line in enumerate(_LINES)]
        group = backend.groups[name]
        stream = group.streams["2026/11/20/main"]
        stream.put_log_events(lines)
