"""No secret of an address gets into the log."""

import pytest

from measureplan.logs import without_secrets


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /shared/0Dly4aUJsuP50yxwfCXrFEvZQTnMCLIyAu6eUoUEhig/", "GET /shared/…/"),
        ("POST /shared/abc_-d/?x=1", "POST /shared/…/?x=1"),
        ("GET /join/abc/", "GET /join/…/"),
        ("POST /no-more-mail/WzEsMl0:Zk-_3/", "POST /no-more-mail/…/"),
        ("Gone: /shared/abc/", "Gone: /shared/…/"),
        ("GET /w/fjellsport/shared/12/close/", "GET /w/fjellsport/shared/12/close/"),
    ],
    ids=["shared", "with a query", "invitation", "way out", "refused", "the list"],
)
def test_the_secret_of_an_address_is_left_out(said: str, kept: str) -> None:
    assert without_secrets(None, "info", {"request": said, "event": said}) == {"request": kept, "event": kept}
