"""What an API operation is called: found from a REST path, and turned into the name that IAM policies use."""

from __future__ import annotations

from tui_app.embedded_aws.envelope import Envelope

UNSIGNED_STS = frozenset({"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"})

# signing name -> botocore services that share it, for REST services whose model has another name
_MODELS: dict[str, tuple[str, ...]] = {
    "access-analyzer": ("accessanalyzer",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "elasticfilesystem": ("efs",),
    "es": ("opensearch", "es"),
    "s3": ("s3", "s3control"),
    "ses": ("sesv2",),
    "iotdata": ("iot-data",),
    "mobiletargeting": ("pinpoint",),
    "execute-api": ("apigatewaymanagementapi",),
}

# signing name -> prefix in IAM policies, where they differ
_PREFIX = {"monitoring": "cloudwatch", "tagging": "tag", "email": "ses", "iotdata": "iot"}

# IAM's own names, where they differ from the API's (Service Authorization Reference)
_RENAMED = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:HeadObject": "s3:GetObject",
    "s3:SelectObjectContent": "s3:GetObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:PostObject": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:UploadPartCopy": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:GetBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
    "s3:ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
    "s3:GetBucketAnalyticsConfiguration": "s3:GetAnalyticsConfiguration",
    "s3:GetBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:PutBucketCors": "s3:PutBucketCORS",
    "s3:DeleteBucketCors": "s3:PutBucketCORS",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
    "dynamodb:TransactGetItems": "dynamodb:GetItem",
    "dynamodb:TransactWriteItems": "dynamodb:PutItem",
    "dynamodb:ExecuteStatement": "dynamodb:PartiQLSelect",
}


def iam_action(service: str, action: str, method: str = "GET") -> str:
    """The action as policies name it: `s3:ListAllMyBuckets`, `cloudwatch:DescribeAlarms`, `apigateway:GET`."""
    prefix = _PREFIX.get(service, service)
    if prefix == "apigateway":
        return f"apigateway:{method}"
    name = f"{prefix}:{action}"
    return _RENAMED.get(name, name)


def rest_action(request: Envelope, service: str) -> str:
    """The operation that a REST request asks for, by botocore's model of the service; empty when there is none."""
    from moto.core.request import Request
    from moto.core.routing import get_service_router

    for model in _MODELS.get(service, (service,)):
        try:
            operation, _ = get_service_router(model).match(Request(request.moto_environ()))
        except Exception:  # noqa: BLE001, S112 - no such model, no such path: then it has no name
            continue
        return str(operation.name)
    return ""
