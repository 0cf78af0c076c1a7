"""The group, the machine user and the policy of IAM that every account has."""

from __future__ import annotations

from tui_app.embedded_aws.world.furnishings import PREFIXES
from tui_app.embedded_aws.world.seeders.place import Place
from tui_app.embedded_aws.world.values import allow, document, policy


def groups_and_policies(place: Place) -> None:
    """A group with one machine user that may read metrics, by a policy of the account's own."""
    iam, word = place.backend("iam"), PREFIXES[place.account.id]
    user = iam.create_user("us-east-1", f"{word}-robot", "/machines/", [])
    iam.create_group(f"{word}-operators")
    iam.add_user_to_group(f"{word}-operators", user.name)
    iam.create_access_key(user.name)
    made = iam.create_policy(
        description=f"Reads the metrics of {place.account.name}",
        path="/",
        policy_document=document(policy(allow("cloudwatch:Get*", "cloudwatch:List*"))),
        policy_name=f"{word}-metrics",
        tags=[],
    )
    iam.attach_user_policy(made.arn, user.name)
    user.policies["own"] = document(policy(allow("s3:ListAllMyBuckets")))
