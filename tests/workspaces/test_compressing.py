"""Pages are sent compressed to readers that take it; what programs read keeps its strong ETag."""

import gzip

from django.test import Client

from tests.builders import make_token
from tests.goals.makers import make_plan
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope


def test_a_page_is_compressed_for_who_takes_it(client: Client, lead: Membership) -> None:
    client.force_login(lead.user)
    whole = client.get("/w/fjellsport/goals/")
    small = client.get("/w/fjellsport/goals/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in whole
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert gzip.decompress(small.content).decode().count("<h1") == whole.content.decode().count("<h1") == 1
    assert len(small.content) < len(whole.content) / 3


def test_what_a_program_reads_keeps_the_etag_that_it_sends_back(
    client: Client, shop: Workspace, lead: Membership
) -> None:
    headers = {"accept-encoding": "gzip", "authorization": f"Bearer {make_token(lead, Scope.READ)}"}
    answer = client.get(f"/api/v1/plans/{make_plan(shop).slug}/document", headers=headers)
    assert answer.status_code == 200, answer.content
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
