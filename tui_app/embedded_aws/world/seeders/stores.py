"""Clusters, snapshots, file systems, caches, domains, streams, workgroups, warehouses."""

from __future__ import annotations

from tui_app.embedded_aws.world.seeders.place import Place, given, tag_list


def databases_more(place: Place) -> None:
    """Aurora clusters, and snapshots of the first database."""
    rds = place.backend("rds")
    for name in place.furnishing.database_clusters:
        rds.create_db_cluster(
            {
                "db_cluster_identifier": name,
                "engine": "aurora-postgresql",
                "engine_version": "16.4",
                "master_username": "administrator",
                "master_user_password": "not-a-password",
                "storage_encrypted": True,
            }
        )
    for name in place.furnishing.database_snapshots if place.estate.databases else ():
        rds.create_db_snapshot(place.estate.databases[0].split()[0], name, tags=tag_list())


def file_systems(place: Place) -> None:
    """EFS file systems."""
    efs = place.backend("efs")
    for name in place.furnishing.file_systems:
        given(
            efs.create_file_system,
            creation_token=name,
            performance_mode="generalPurpose",
            encrypted=True,
            throughput_mode="bursting",
            backup=False,
            tags=tag_list(Name=name),
        )


def caches(place: Place) -> None:
    """Redis clusters of one node."""
    elasticache = place.backend("elasticache")
    for name in place.furnishing.caches:
        given(
            elasticache.create_cache_cluster,
            cache_cluster_id=name,
            num_cache_nodes=1,
            cache_node_type="cache.t4g.small",
            engine="redis",
            engine_version="7.1",
            port=6379,
            tags=tag_list(),
        )


def domains(place: Place) -> None:
    """OpenSearch domains."""
    opensearch = place.backend("opensearch")
    for name in place.furnishing.domains:
        given(opensearch.create_domain, domain_name=name, engine_version="OpenSearch_2.15", is_es=False, tag_list=tag_list())


def streams(place: Place) -> None:
    """Kinesis streams of one shard."""
    kinesis = place.backend("kinesis")
    for name in place.furnishing.streams:
        kinesis.create_stream(name, 1, {"StreamMode": "PROVISIONED"})


def deliveries(place: Place) -> None:
    """Firehose streams into a bucket."""
    firehose = place.backend("firehose")
    for name in place.furnishing.deliveries:
        target = {"RoleARN": place.role("workflows"), "BucketARN": "arn:aws:s3:::clicks"}
        given(
            firehose.create_delivery_stream,
            region=place.region,
            delivery_stream_name=name,
            delivery_stream_type="DirectPut",
            kinesis_stream_source_configuration={},
            delivery_stream_encryption_configuration_input={},
            s3_destination_configuration={},
            extended_s3_destination_configuration=target,
            redshift_destination_configuration={},
            elasticsearch_destination_configuration={},
            splunk_destination_configuration={},
            http_endpoint_destination_configuration={},
            snowflake_destination_configuration={},
            iceberg_destination_configuration={},
            tags=tag_list(),
        )


def workgroups(place: Place) -> None:
    """Athena workgroups."""
    athena = place.backend("athena")
    for name in place.furnishing.workgroups:
        athena.create_work_group(name, {}, f"Questions of {place.account.name}", tag_list())


def warehouses(place: Place) -> None:
    """Redshift clusters of one node."""
    redshift = place.backend("redshift")
    for name in place.furnishing.warehouses:
        redshift.create_cluster(
            cluster_identifier=name,
            node_type="ra3.xlplus",
            master_username="administrator",
            master_user_password="Not-a-passw0rd",  # noqa: S106 - the demo's, and says so
            db_name="dev",
            cluster_type="single-node",
            cluster_security_groups=[],
            vpc_security_group_ids=[],
            cluster_subnet_group_name=None,
            availability_zone=f"{place.region}a",
            preferred_maintenance_window="Mon:03:00-Mon:03:30",
            cluster_parameter_group_name="default.redshift-1.0",
            automated_snapshot_retention_period=1,
            port=5439,
            cluster_version="1.0",
            allow_version_upgrade=True,
            number_of_nodes=1,
            publicly_accessible=False,
            encrypted=True,
            region_name=place.region,
            tags=tag_list(),
            iam_roles_arn=[],
            enhanced_vpc_routing=False,
            kms_key_id=None,
        )
