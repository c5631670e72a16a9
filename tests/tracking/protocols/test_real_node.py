"""Vendors' real, unmodified clients in Node.js, whose server was away once and whose answer was lost once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.tracking.protocols import node_clients
from tests.tracking.protocols.journey import FAULTS, Told, check
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source
from workspaces.models import Workspace

ANY_KEY = "other-tools-0KEY"


@dataclass(frozen=True, slots=True)
class Sender:
    """A client's script.

    told   what it can tell of the journey
    key    what it sends as its key
    """

    protocol: str
    told: Told = field(default_factory=Told)
    key: Callable[[Source], str] = lambda _source: ANY_KEY


CLIENTS = {
    "segment": Sender("segment"),
    "snowplow": Sender("snowplow", Told(identifies=False)),
    "posthog": Sender("posthog"),
    # The two never try again; their scripts send by hand what met a fault.
    "matomo": Sender("matomo", Told(visitor="00000000000000a1", identifies=False), lambda source: source.write_key),
    "umami": Sender("umami", Told(visitor=None, identifies=False)),
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_whose_events_are_sent_again_loses_nothing_and_doubles_nothing(
    transactional_db: None, shop: Workspace, client: str, faults: list[Fault]
) -> None:
    sender = CLIENTS[client]
    source = answering_to(shop, sender.protocol, ANY_KEY, slug="api", kind=Kind.SERVER, currency="EUR")
    with serving(faults) as served:
        node_clients.run(client, address=served.address, key=sender.key(source))
    check(arrived(source), sender.told)
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


def test_each_client_is_named_by_its_hash_and_no_registry_is() -> None:
    lock = json.loads((node_clients.CLIENTS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages, "needs a package"
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
