"""Whatever is counted says why in words."""

from tracking.access_log import LeftOutReason
from tracking.conversions.matching import Missed
from tracking.event import DropReason
from tracking.imports import words
from tracking.reasons import REASONS, reason_of


def test_every_reason_has_words():
    codes = {str(code) for code in (*DropReason, *Missed, *LeftOutReason)}
    assert codes - REASONS.keys() - words.REASONS.keys() == {"invalid_write_key"}, "which no source is there to count"


def test_a_reason_of_files_is_said_as_their_pages_say_it():
    assert reason_of("erased").label == "of people who were erased"
    assert reason_of("row_length").label == words.reason("row_length") != "row length"
