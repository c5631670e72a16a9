"""The code that is copied: for the set-ups that a source can have, with the keys that it answers to."""

import pytest

from tests.tracking.makers import make_source
from tests.tracking.protocols.senders import answering_to
from tracking.models import Kind, Source
from tracking.protocols.registry import PROTOCOLS
from tracking.snippets import WAYS, key_of, snippets_of, ways_of
from workspaces import scope
from workspaces.models import Workspace

WAY = {way.name: way for way in WAYS}


def code(source: Source, name: str) -> str:
    with scope.in_workspace(source.workspace_id):
        aliases = list(source.aliases.all())
    return "\n".join(snippet.text for snippet in snippets_of(source, WAY[name], aliases))


def test_each_protocol_that_the_door_speaks_has_a_way() -> None:
    shown = {way.protocol or "own" for kind in (Kind.BROWSER, Kind.SERVER) for way in ways_of(Source(kind=kind))}
    assert set(PROTOCOLS) - shown == set()


def test_a_protocol_that_the_door_does_not_speak_is_not_offered() -> None:
    assert {way.protocol for way in ways_of(Source(kind=Kind.BROWSER))} <= {*PROTOCOLS, ""}


@pytest.mark.parametrize("name", WAY)
def test_every_place_is_filled_in(shop: Workspace, name: str) -> None:
    for kind in {kind for piece in WAY[name].pieces for kind in piece.kinds}:
        source = make_source(shop, slug=kind, kind=kind)
        found = code(source, name)
        assert "$" not in found
        assert (WAY[name].stand_in or source.write_key) in found
        assert "127.0.0.1:8000" in found


def test_the_tools_own_key_stands_in_its_code(shop: Workspace) -> None:
    source = answering_to(shop, "segment", "sgmt0KEY")
    assert '"sgmt0KEY"' in code(source, "segment")
    assert source.write_key not in code(source, "segment")
    assert source.write_key in code(source, "plausible")
    assert key_of(WAY["plausible"], []) is None


def test_a_tools_secret_stands_in_no_code(shop: Workspace) -> None:
    source = answering_to(shop, "ga4", "G-1:s3cret", kind=Kind.SERVER)
    assert "s3cret" not in code(source, "ga4")


def test_a_servers_secret_key_stands_in_no_code_for_pages(shop: Workspace) -> None:
    source = make_source(shop, kind=Kind.SERVER)
    assert "tag" not in {way.name for way in ways_of(source)}
    for way in ways_of(source):
        assert "<script" not in code(source, way.name), way.name


def test_imported_files_need_no_code() -> None:
    assert ways_of(Source(kind=Kind.IMPORT)) == []
