"""Target groups, classic balancers, HTTP APIs, certificates, distributions."""

from __future__ import annotations

from tui_app.embedded_aws.world.furnishings import DISTRIBUTIONS
from tui_app.embedded_aws.world.seeders.place import Place, given, tag_list


def targets(place: Place) -> None:
    """Target groups in the first network, and a listener of the first balancer that leads to the first group."""
    elb = place.backend("elbv2")
    network = place.backend("ec2").describe_vpcs()[0].id
    groups = [
        elb.create_target_group(
            name,
            protocol="HTTP",
            port="8080",
            vpc_id=network,
            target_type="ip",
            healthcheck_protocol="HTTP",
            healthcheck_path="/health",
            healthcheck_port="traffic-port",
            healthcheck_interval_seconds=30,
            healthcheck_timeout_seconds=5,
            healthy_threshold_count="3",
            unhealthy_threshold_count="3",
            healthcheck_enabled="true",
            matcher={"HttpCode": "200"},
        )
        for name in place.furnishing.targets
    ]
    for group in groups[:1]:
        elb.register_targets(group.arn, [{"Id": "10.40.0.10", "Port": 8080}])
    for balancer in list(elb.load_balancers)[:1] if groups else ():
        elb.create_listener(balancer, "HTTP", "80", None, None, [{"type": "forward", "target_group_arn": groups[0].arn, "order": 1}])


def classic(place: Place) -> None:
    """Load balancers of the first kind."""
    elb = place.backend("elb")
    ports = [{"protocol": "http", "load_balancer_port": 80, "instance_port": 8080}]
    group = place.backend("ec2").describe_security_groups()[0].id
    for name in place.furnishing.classic:
        elb.create_load_balancer(name, [f"{place.region}a"], ports, security_groups=[group])


def http_apis(place: Place) -> None:
    """HTTP APIs."""
    gateway = place.backend("apigatewayv2")
    for name in place.furnishing.http_apis:
        given(gateway.create_api, name=name, protocol_type="HTTP", tags={})


def certificates(place: Place) -> None:
    """Certificates; moto makes an RSA key for each, which takes longer than all else together, so they get elliptic ones."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    acm, usual = place.backend("acm"), rsa.generate_private_key
    rsa.generate_private_key = lambda *_args, **_kwargs: ec.generate_private_key(ec.SECP256R1())  # type: ignore[assignment]
    try:
        for name in place.furnishing.certificates:
            arn = acm.request_certificate(name, name, [], tag_list(Name=name))
            acm.get_certificate(arn).status = "ISSUED"
    finally:
        rsa.generate_private_key = usual


def distributions(place: Place) -> None:
    """A CloudFront distribution for each account."""
    cloudfront = place.backend("cloudfront")
    name = DISTRIBUTIONS.get(place.account.id)
    if name is None:
        return
    origin = {"Id": "assets", "DomainName": f"{place.account.name}-assets.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "assets", "ViewerProtocolPolicy": "redirect-to-https"}
    cloudfront.create_distribution(
        {
            "CallerReference": name,
            "Aliases": {"Items": [name]},
            "Origins": {"Items": [origin]},
            "DefaultCacheBehavior": behaviour,
            "Comment": f"Assets of {place.account.name}",
            "Enabled": True,
        },
        tag_list(),
    )
