"""Policy documents as they lie in moto, parsed once; and AWS's own managed policies, brought in one by one when they are first named."""

from __future__ import annotations

import json
import re
import threading
from functools import lru_cache
from typing import Any

from tui_app.embedded_aws.callers import iam_of
from tui_app.policy.document import Policy, PolicyError, parse_policy

_AWS_MANAGED = re.compile(r"arn:aws[\w-]*:iam::aws:policy/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)")
_lock = threading.Lock()


@lru_cache(maxsize=4096)
def parsed(text: str) -> Policy:
    """The policy of a stored document; one that cannot be read grants nothing."""
    try:
        return parse_policy(text)
    except PolicyError:
        return Policy(())


@lru_cache(maxsize=256)
def aws_managed_data(name: str) -> dict[str, Any] | None:
    """Moto's record of one AWS managed policy, cut out of its data so that the other thousand need not be read; None if unknown."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data as data

    place = data.find(f'\n "{name}":')
    if place < 0:
        return None
    record, _ = json.JSONDecoder().raw_decode(data, data.index("{", place))
    return dict(record)


def bring_in(account: str, arn: str, partition: str = "aws") -> bool:
    """Put the AWS managed policy `arn` into moto's IAM of the account, which has none by itself. False: it is not one that AWS has."""
    match = _AWS_MANAGED.fullmatch(arn)
    backend = iam_of(account, partition)
    if match is None or arn in backend.managed_policies:
        return match is not None
    data = aws_managed_data(match[1])
    if data is None:
        return False
    from moto.iam.models import AWSManagedPolicy

    region = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}.get(partition, "us-east-1")
    policy = AWSManagedPolicy.from_data(match[1], account, region, data)
    with _lock:
        if policy.arn == arn and arn not in backend.managed_policies:
            backend.managed_policies[arn] = policy
            backend.aws_managed_policies.append(policy)
    return bool(policy.arn == arn)


def managed_document(account: str, arn: str, partition: str = "aws") -> Policy | None:
    """The default version of a managed policy, the account's own or AWS's; None when there is none."""
    if ":iam::aws:" in arn:
        bring_in(account, arn, partition)
    policy = iam_of(account, partition).managed_policies.get(arn)
    return None if policy is None else document_of(policy)


def document_of(managed: Any) -> Policy:
    """The default version of moto's managed policy."""
    version = next((one for one in managed.versions if one.is_default), None)
    return parsed(version.document if version is not None else managed.document)
