"""Vendors' real, unmodified clients in Node.js, whose server was away once and whose answer was lost once."""

from typing import Any

import pytest

from tests.tracking.protocols import node_clients
from tests.tracking.protocols.journey import FAULTS, Told, check
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking import gate, limits
from tracking.models import Kind

KEYS = {"segment": "sgmt0KEY"}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize(("script", "protocol", "told"), [("segment", "segment", Told())], ids=["segment"])
def test_a_client_that_sends_again_loses_nothing_and_doubles_nothing(
    transactional_db: None, shop: Any, script: str, protocol: str, told: Told, faults: list[Fault]
) -> None:
    gate.forget()
    limits.forget()
    source = answering_to(shop, protocol, KEYS[protocol], slug="api", kind=Kind.SERVER)
    with serving(faults) as served:
        node_clients.run(script, address=served.address, key=KEYS[protocol])
    check(arrived(source), told)
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))
