"""Buckets, tables, databases, secrets, parameters, keys."""

from __future__ import annotations

import json

from tui_app.embedded_aws.world.core import since
from tui_app.embedded_aws.world.estates import BUCKETS
from tui_app.embedded_aws.world.seeders.place import Place, tag_list

_PRIVATE = {"BlockPublicAcls": "true", "IgnorePublicAcls": "true", "BlockPublicPolicy": "true", "RestrictPublicBuckets": "true"}


def buckets(place: Place) -> None:
    """The account's buckets; those that are hidden deny it in their policy, those that are public allow everyone to read."""
    s3 = place.backend("s3")
    for line in BUCKETS.get(place.account.name, ()):
        name, region, created, access = line.split()
        bucket = s3.create_bucket(name, region)
        bucket.creation_date = since(created)
        policy = {"hidden": _hidden, "public": _public}.get(access)
        if policy:
            s3.put_bucket_policy(name, json.dumps(policy(name)).encode())
        if access != "public":
            s3.put_public_access_block(name, _PRIVATE)
        if access != "hidden":
            for key in ("README.txt", "exports/2026-11-20.csv"):
                s3.put_object(name, key, f"{name}/{key}\n".encode())


def _hidden(name: str) -> object:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetBucketPolicyStatus", "Resource": f"arn:aws:s3:::{name}"}
    return {"Version": "2012-10-17", "Statement": [{"Sid": "StatusIsForAuditors"} | statement]}


def _public(name: str) -> object:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}],
    }


def tables(place: Place) -> None:
    """Tables that are paid by request; each has one text key."""
    dynamodb = place.backend("dynamodb")
    for line in place.estate.tables:
        name, key = line.split()
        dynamodb.create_table(
            name,
            schema=[{"AttributeName": key, "KeyType": "HASH"}],
            attr=[{"AttributeName": key, "AttributeType": "S"}],
            throughput=None,
            global_indexes=None,
            indexes=None,
            streams=None,
            billing_mode="PAY_PER_REQUEST",
            sse_specification=None,
            tags=tag_list(**{"managed-by": "terraform"}),
            deletion_protection_enabled=False,
            warm_throughput=None,
        )


def databases(place: Place) -> None:
    """RDS instances."""
    rds = place.backend("rds")
    for line in place.estate.databases:
        name, engine, size = line.split()
        rds.create_db_instance(
            {
                "db_instance_identifier": name,
                "engine": engine,
                "engine_version": {"postgres": "16.4", "mysql": "8.0.39"}[engine],
                "db_instance_class": size,
                "allocated_storage": 100,
                "master_username": "administrator",
                "master_user_password": "not-a-password",
                "storage_encrypted": True,
                "multi_az": place.account.name == "production",
                "region": place.region,
            }
        )


def secrets(place: Place) -> None:
    """Secrets, whose values say what they are."""
    manager = place.backend("secretsmanager")
    for name in place.estate.secrets:
        manager.create_secret(name, "made up for the demo", None, "Made up for the demo", tag_list(), None, None, [], force_overwrite=False)


def parameters(place: Place) -> None:
    """SSM parameters."""
    ssm = place.backend("ssm")
    for name in place.estate.parameters:
        ssm.put_parameter(name, "", "made up for the demo", "String", "", "", False, [], "text", None, None)


def keys(place: Place) -> None:
    """Customer keys with their aliases.

    moto makes an RSA key for each symmetric one, which takes longer than all else together; an elliptic curve does as well.
    """
    kms = place.backend("kms")
    for alias in place.estate.keys:
        key = kms.create_key(None, "ENCRYPT_DECRYPT", "ECC_NIST_P256", f"Encrypts {alias}", tag_list())
        key.key_spec = "SYMMETRIC_DEFAULT"
        kms.create_alias(key.id, f"alias/{alias}")
