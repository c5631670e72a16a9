"""What stays of the erased keeps them out of what is refused as well."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracking.makers import NOON, make_source
from tracking import quarantine
from tracking.ledger import Origin
from tracking.models import Quarantined
from tracking.quarantine import Example
from tracking.rights import tombstones
from tracking.rights.subject import Subject
from workspaces import scope
from workspaces.models import Workspace


@pytest.mark.django_db
def test_a_request_of_many_refused_items_asks_once_whom_they_name(shop: Workspace) -> None:
    source = make_source(shop)
    names = ["kari", *(f"user-{n}" for n in range(60))]
    examples = [Example("field_type", f"/{n}", "", b'{"user_id":"%b"}' % name.encode()) for n, name in enumerate(names)]
    with scope.in_workspace(shop.pk):
        tombstones.raise_for(shop.pk, Subject(users=("kari",)), now=NOON)
        with CaptureQueriesContext(connection) as asked:
            quarantine.keep(Origin(workspace_id=shop.pk, source_id=source.pk), examples, now=NOON)
        kept = [row.pointer for row in Quarantined.objects.order_by("pk")]
    assert kept == [f"/{n}" for n in range(1, 61)]
    # 1 whether anybody was erased, 2 how many, 3 their hashes, 4 how many examples there are, 5 the new ones
    assert len(asked) == 5
