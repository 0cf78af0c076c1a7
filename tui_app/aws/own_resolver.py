"""Who a program started with this environment would be, found out by being one: botocore as it comes, with its own files and providers.

Run as `python -m tui_app.aws.own_resolver REGION` with the environment in question. Prints one JSON object: `method` is botocore's name of
the provider that won, `arn` and `account` are GetCallerIdentity's answer. Ends with 1 and prints nothing where there is no answer.
"""

from __future__ import annotations

import json
import sys
from typing import Any

CONTAINER = "container-role"
"""botocore's name for credentials of a container's endpoint."""


def main(words: list[str]) -> int:
    """Resolve, ask, print."""
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    try:
        session = Session()
        credentials = session.get_credentials()
        if credentials is None:
            return 1
        region = session.get_config_variable("region") or words[0]
        options = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})
        client: Any = session.create_client("sts", region_name=region, config=options)
        answer = client.get_caller_identity()
    except (BotoCoreError, ClientError, KeyError, ValueError, IndexError):
        return 1
    sys.stdout.write(json.dumps({"method": credentials.method, "arn": answer["Arn"], "account": answer["Account"]}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
