"""A search across accounts without AWS: what is found, a door that finds it, and the screen with its words asked."""

from __future__ import annotations

import threading

from tui_app.aws.paging import Paging
from tui_app.errors import Refused
from tui_app.ui.explorer.estate import EstateSearch

DEVELOPER, DEPLOYER = "production/CrossAccountDeveloperRole", "staging/Deployer"
VIEW = "arn:aws:resource-explorer-2:eu-west-1:111122223333:view/all/1"
PRODUCTION, STAGING = "111122223333", "222233334444"


def resource(name: str, account: str = PRODUCTION, kind: str = "sqs:queue", **tags: str) -> dict:
    service = kind.partition(":")[0]
    arn = f"arn:aws:{service}:eu-west-1:{account}:{'' if service in ('sqs', 'sns') else kind.partition(':')[2] + '/'}{name}"
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {
        "Arn": arn,
        "OwningAccountId": account,
        "Region": "eu-west-1",
        "ResourceType": kind,
        "Service": service,
        "Properties": [{"Name": "tags", "Data": pairs}],
    }


class Door:
    """Production has an aggregator; staging has tags only. `gate` holds everything up until it is set."""

    endpoint_url = None

    def __init__(self, found=(), tagged=(), **answers) -> None:
        self.found, self.tagged = list(found), list(tagged)
        self.answers = {name.replace("__", ":"): answer for name, answer in answers.items()}
        self.calls: list[str] = []
        self.places: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def call(self, service, operation, *, region, key, parameters, read_timeout=None, retry=True):
        del read_timeout, retry
        self.calls.append(f"{service}:{operation}")
        self.places.append(region)
        self.gate.wait(10)
        answer = self.answers.get(f"{service}:{operation}", self._usual(operation))
        answer = answer(parameters) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _usual(self, operation):
        return {
            "ListIndexes": {"Indexes": [{"Region": "eu-west-1", "Type": "AGGREGATOR", "Arn": "arn:index"}]},
            "GetIndex": {"State": "ACTIVE"},
            "GetDefaultView": {"ViewArn": VIEW},
            "Search": {"Resources": self.found, "ViewArn": VIEW, "Count": {"TotalResources": len(self.found), "Complete": True}},
            "GetResources": {"ResourceTagMappingList": self.tagged, "PaginationToken": ""},
        }.get(operation, {})

    def paging(self, service, operation):
        del service, operation
        return Paging(("NextToken",), ("NextToken",))

    def regions(self, partition):
        del partition
        return ("eu-west-1",)

    def caller_identity(self, key, region):
        raise Refused("Not asked here.", code="AccessDenied")


async def searching_screen(s, *keys: str, words: str = "") -> EstateSearch:
    for key in keys or (DEVELOPER,):
        s.select(key)
        await s.press("enter")
        await s.until(lambda key=key: s.store.live(key))
        await s.press("escape")
    await s.press("F")
    await s.until(lambda: isinstance(s.deck.screen, EstateSearch) and s.deck.screen.is_mounted)
    screen = s.deck.screen
    if words:
        await s.press(*(("space" if letter == " " else letter) for letter in words), "enter")
        await s.until(lambda: screen.search is not None and not screen.working)
    return screen
