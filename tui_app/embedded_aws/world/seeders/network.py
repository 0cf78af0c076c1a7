"""Networks, machines, load balancers, zones, APIs."""

from __future__ import annotations

import ipaddress
from typing import Any

from tui_app.embedded_aws.world.estates import ZONES
from tui_app.embedded_aws.world.seeders.place import Place, tag_list

IMAGE = "ami-0a1b2c3d4e5f67890"


def machines_and_networks(place: Place) -> None:
    """VPCs with subnets, security groups, and EC2 instances with their names."""
    ec2 = place.backend("ec2")
    default = ec2.get_default_vpc()
    networks = [_network(ec2, *line.split()) for line in place.estate.vpcs]
    home: Any = networks[0] if networks else default
    for line in place.estate.groups:
        name, port = line.split()
        group = ec2.create_security_group(name, f"{name} of {place.account.name}", vpc_id=home.id)
        ec2.authorize_security_group_ingress(group.id, "tcp", port, port, [{"CidrIp": "10.0.0.0/8"}])
    subnets = [subnet for subnet in ec2.describe_subnets() if subnet.vpc_id == home.id]
    for number, line in enumerate(place.estate.instances):
        name, size, state = line.split()
        _machine(ec2, name, size, state, subnets[number % len(subnets)].id)


def _network(ec2: Any, name: str, span: str) -> Any:
    vpc = ec2.create_vpc(span, tags=tag_list(Name=name))
    zones = [zone.name for zone in ec2.describe_availability_zones()][:3]
    for zone, part in zip(zones, ipaddress.ip_network(span).subnets(new_prefix=20), strict=False):
        ec2.create_subnet(vpc.id, str(part), availability_zone=zone, tags={"subnet": {"Name": f"{name}-{zone[-1]}"}})
    return vpc


def _machine(ec2: Any, name: str, size: str, state: str, subnet: str) -> None:
    reservation = ec2.run_instances(
        IMAGE,
        1,
        None,
        [],
        instance_type=size,
        subnet_id=subnet,
        security_group_ids=[],
        is_instance_type_default=False,
        tags={"instance": {"Name": name, "managed-by": "terraform"}},
        nics=[],
    )
    if state == "stopped":
        ec2.stop_instances([instance.id for instance in reservation.instances])


def balancers(place: Place) -> None:
    """Application load balancers in two subnets."""
    ec2, elb = place.backend("ec2"), place.backend("elbv2")
    for line in place.estate.balancers:
        name, scheme = line.split()
        subnets = [subnet.id for subnet in ec2.describe_subnets()][:2]
        elb.create_load_balancer(name, [], subnets, scheme=scheme, loadbalancer_type="application", tags=tag_list(Name=name))


def zones(place: Place) -> None:
    """Hosted zones with a few records."""
    route53 = place.backend("route53")
    for line in ZONES.get(place.account.name, ()):
        name, kind = line.split()
        private = kind == "private"
        zone = route53.create_hosted_zone(
            f"{name}.",
            private,
            f"{place.account.id}-{name}",
            "vpc-0123456789abcdef0" if private else None,
            "eu-west-1" if private else None,
            "",
        )
        records = [_record(f"www.{name}.", "A", "192.0.2.10"), _record(f"api.{name}.", "CNAME", f"www.{name}.")]
        route53.change_resource_record_sets(zone.id, records)


def _record(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"Action": "CREATE", "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}}


def apis(place: Place) -> None:
    """REST APIs."""
    gateway = place.backend("apigateway")
    for name in place.estate.apis:
        gateway.create_rest_api(name, f"{name} of {place.account.name}")
