"""`measureplan person`: shown, handed over, erased."""

import argparse
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from measureplan.bad_input import BadInput
from measureplan.commands import person
from measureplan.persons import Asked, Refused, erase
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.models import Erasure, ErasureState
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop))
    lake.take(make_event("1", visitor="phone", user_id="kari"), make_event("2", visitor="other"))
    return lake


def run(*arguments: str) -> int:
    """Run what the command runs, in this process's own installation."""
    parser = argparse.ArgumentParser()
    person.add_arguments(parser)
    return person._act(parser.parse_args([*arguments, "--workspace", "fjellsport"]))


def test_find_shows_ids_and_how_much_there_is(lake: Lake, capsys: Any) -> None:
    assert run("find", "--user", "kari") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("1 events from 2026-11-21")
    assert shown[1:] == ["user ids: kari", "visitor ids: phone, u.kari"]


def test_an_id_is_read_from_standard_input(lake: Lake, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kari\n"))
    run("find", "--user", "-")
    assert "user ids: kari" in capsys.readouterr().out


def test_export_writes_a_zip_and_overwrites_none(lake: Lake, tmp_path: Path) -> None:
    run("export", "--user", "kari", "--to", str(tmp_path / "kari.zip"))
    with zipfile.ZipFile(tmp_path / "kari.zip") as archive:
        assert b'"kari"' in archive.read("events.jsonl")
    with pytest.raises(FileExistsError):
        run("export", "--user", "kari", "--to", str(tmp_path / "kari.zip"))


def test_erase_asks_first(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    with pytest.raises(BadInput, match="nothing was erased"):
        run("erase", "--user", "kari")
    with scope.in_workspace(lake.workspace_id):
        assert not Erasure.objects.exists()


def test_erase_comes_back_when_it_is_done(lake: Lake) -> None:
    asked = Asked(workspace="fjellsport", named_by="visitor", name="phone")
    passed = [NOON]
    row = erase(asked, clock=lambda: passed[-1], pause=lambda s: passed.append(passed[-1] + timedelta(seconds=s)))
    assert (row.state, row.removed["events"]) == (ErasureState.DONE, 1)
    assert len(passed) > 1, "readers are given some seconds"
    assert [each["event_id"] for each in lake.rows("select event_id from events")] == ["2"]


@pytest.mark.parametrize(("workspace", "name"), [("nowhere", "kari"), ("fjellsport", "undefined")])
def test_what_cannot_be_done_is_said_in_a_line(lake: Lake, workspace: str, name: str) -> None:
    parser = argparse.ArgumentParser()
    person.add_arguments(parser)
    with pytest.raises(Refused):
        person._act(parser.parse_args(["find", "--user", name, "--workspace", workspace]))
