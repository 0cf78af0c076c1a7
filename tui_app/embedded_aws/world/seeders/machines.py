"""Disks, images, key pairs, gateways and addresses of EC2; scaling groups, batches, builds."""

from __future__ import annotations

from typing import Any

from tui_app.embedded_aws.world.seeders.place import Place, given, tag_list


def around_machines(place: Place) -> None:
    """What EC2 keeps beside instances: volumes, snapshots, images, key pairs, launch templates, gateways, addresses, endpoints."""
    ec2 = place.backend("ec2")
    _disks(ec2, place)
    _ways_out(ec2, place)
    for name in place.furnishing.key_pairs:
        ec2.create_key_pair(name, "ed25519", {})
    for name in place.furnishing.templates:
        ec2.create_launch_template(name, "", {"InstanceType": "t3.small", "ImageId": "ami-0a1b2c3d4e5f67890"}, {})


def _disks(ec2: Any, place: Place) -> None:
    volumes = []
    for line in place.furnishing.volumes:
        name, size = line.split()
        volume = ec2.create_volume(int(size), f"{place.region}a", volume_type="gp3")
        volume.encrypted = True
        ec2.create_tags([volume.id], {"Name": name})
        volumes.append(volume)
    for name in place.furnishing.snapshots:
        snapshot = ec2.create_snapshot(volumes[0].id, f"Weekly copy of {place.account.name}", owner_id=place.account.id)
        ec2.create_tags([snapshot.id], {"Name": name})
    for name in place.furnishing.images:
        image = ec2.register_image(name, f"Machines of {place.account.name} start from it")
        image.owner_id, image.architecture, image.state = place.account.id, "x86_64", "available"


def _ways_out(ec2: Any, place: Place) -> None:
    vpc = next((vpc for vpc in ec2.describe_vpcs() if not vpc.is_default), None) or ec2.get_default_vpc()
    subnet = next(subnet for subnet in ec2.describe_subnets() if subnet.vpc_id == vpc.id)
    for name in place.furnishing.internet_gateways:
        gateway = ec2.create_internet_gateway(tag_list(Name=name))
        if not vpc.is_default:
            ec2.attach_internet_gateway(gateway.id, vpc.id)
    for name in place.furnishing.gateways:
        address = ec2.allocate_address("vpc", tags={"Name": name})
        ec2.create_nat_gateway(subnet.id, address.allocation_id, tags={"Name": name})
    for line in place.furnishing.endpoints:
        name, service = line.split()
        given(
            ec2.create_vpc_endpoint,
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{place.region}.{service}",
            endpoint_type="Gateway",
            route_table_ids=[],
            subnet_ids=[],
            security_group_ids=[],
            tags={"Name": name},
        )


def scaling_groups(place: Place) -> None:
    """Auto Scaling groups that keep no machine running."""
    autoscaling = place.backend("autoscaling")
    for name in place.furnishing.scaling_groups:
        launch = {"LaunchTemplateName": place.furnishing.templates[0], "Version": "$Latest"}
        given(
            autoscaling.create_auto_scaling_group,
            name=name,
            availability_zones=[f"{place.region}a"],
            desired_capacity=0,
            max_size=6,
            min_size=0,
            launch_template=launch,
            load_balancers=[],
            target_group_arns=[],
            termination_policies=[],
            tags=[],
        )


def batches(place: Place) -> None:
    """Batch environments that somebody else runs the machines of, and their queues; the ECS clusters behind them are not shown."""
    batch, ecs = place.backend("batch"), place.backend("ecs")
    for name in place.furnishing.environments:
        before = set(ecs.clusters)
        given(
            batch.create_compute_environment,
            compute_environment_name=name,
            _type="UNMANAGED",
            state="ENABLED",
            service_role=place.role("workflows"),
        )
        for behind in set(ecs.clusters) - before:
            del ecs.clusters[behind]
    for name in place.furnishing.job_queues:
        order = [{"order": 1, "computeEnvironment": place.furnishing.environments[0]}]
        batch.create_job_queue(name, "10", None, "ENABLED", order)


def builds(place: Place) -> None:
    """CodeBuild projects."""
    codebuild = place.backend("codebuild")
    for name in place.furnishing.builds:
        given(
            codebuild.create_project,
            project_name=name,
            project_source={"type": "NO_SOURCE"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
            service_role=place.role("workflows"),
        )
