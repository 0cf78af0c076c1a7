"""S3's ListBuckets with the region of each bucket, which AWS tells and moto leaves out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tui_app.embedded_aws.gate import Gate, Proceed
from tui_app.embedded_aws.wire import Answer, AwsRequest

_BUCKET = re.compile(rb"<Bucket>(?:(?!</Bucket>).)*?<Name>([^<]*)</Name>(?:(?!</Bucket>).)*", re.DOTALL)


def with_regions(request: AwsRequest, _gate: Gate, proceed: Proceed) -> Answer:
    """An around hook: adds `BucketRegion` to a granted ListBuckets."""
    answer = proceed(request)
    if (request.service, request.action, answer.status) != ("s3", "ListBuckets", 200):
        return answer
    body = _BUCKET.sub(_with_region, answer.body)
    kept = tuple((name, text) for name, text in answer.headers if name.lower() != "content-length")
    return replace(answer, body=body, headers=(*kept, ("Content-Length", str(len(body)))))


def _with_region(bucket: re.Match[bytes]) -> bytes:
    from moto.s3.models import s3_backends

    name = bucket[1].decode()
    found: list[Any] = [known for backends in s3_backends.values() for known in [backends["aws"].buckets.get(name)] if known]
    return bucket[0] + (f"<BucketRegion>{found[0].region_name}</BucketRegion>".encode() if found else b"")
