"""The reference pages say what the code does."""

import re
from pathlib import Path

from tracking.access_log import LeftOutReason
from tracking.campaign import CLICK_IDS
from tracking.channel_rules import KEYS, PAID_CHANNELS
from tracking.event import DropReason, Status, WarningCode
from tracking.protocols.own import open_batch, parse
from tracking.protocols.own_fields import READERS
from tracking.rules import Sender, SourceRules
from tracking.tag import SOURCE, STUB

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_collecting_page_names_every_code_field_and_status():
    text = page("reference/collect-api.md")
    documented = set(re.findall(r"`([a-z_]+)`", text))
    for names in (DropReason, WarningCode, Status):
        assert {str(name) for name in names} <= documented
    assert set(READERS) - set(CLICK_IDS) <= documented


def test_the_example_of_the_collecting_page_is_accepted_without_a_warning():
    example = re.search(r"```json\n(.*?)```", page("reference/collect-api.md"), re.DOTALL)[1]
    rules = SourceRules(source_id=1)
    parsed = parse(open_batch(example.encode()), rules=rules, sender=Sender(), salt=b"s", now_us=1_795_297_679_000_000)
    assert [result.status for result in parsed.results] == [Status.ACCEPTED]
    assert not parsed.results[0].warnings


def test_the_tags_page_names_every_attribute_event_field_and_purpose():
    code, text = SOURCE.read_text(encoding="utf-8"), page("reference/tag.md")
    attributes = set(re.findall(r"said\.(\w+)|\"(\w+)\" in said", code))
    assert {f"data-{one or other}" for one, other in attributes} == set(
        re.findall(r"^\| `(data-\w+)", text, re.MULTILINE)
    )
    noticed = set(re.findall(r"(?:track|notice)\(\"(\w+)\"", code))
    assert noticed == set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    listed = {word for words in re.findall(r"= listed\(\"([\w,]+)\"\)", code) for word in words.split(",")}
    assert listed <= set(re.findall(r"`(\w+)`", text))


def test_the_how_to_of_the_tag_shows_the_line_that_the_sources_page_shows():
    assert f"<script>{STUB}</script>" in page("how-to/add-the-tag.md")


def test_the_channels_page_lists_the_rules_in_their_order():
    rows = re.findall(r"^\| \d+ \| [^|]+ \| `(\w+)` \| .* \| (yes)? ?\|$", page("reference/channels.md"), re.MULTILINE)
    assert [key for key, _ in rows] == list(KEYS)
    assert {key for key, paid in rows if paid} == PAID_CHANNELS
    assert set(CLICK_IDS) <= set(re.findall(r"`(\w+)`", page("reference/channels.md")))


def test_the_log_page_names_every_reason_in_its_order():
    rows = re.findall(r"^\| `(\w+)` \|", page("how-to/import-a-server-log.md"), re.MULTILINE)
    assert rows == [str(reason) for reason in LeftOutReason]
