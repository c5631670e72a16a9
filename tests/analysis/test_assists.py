"""The paid split."""

import pytest

from analysis.assists import Split, paid_split
from analysis.attribution.paths import eligible
from analysis.windows import Windows
from tests.analysis.builders import journeys_from, make_conversion, make_touch

PAID, FREE, DIRECT = (make_touch(name, day=9) for name in ("paid_search", "email", "direct"))


@pytest.mark.parametrize(
    ("touches", "part"),
    [
        ([PAID, PAID], Split.PAID_UNASSISTED),
        ([PAID, FREE], Split.PAID_ASSISTED),
        ([PAID, DIRECT], Split.PAID_ASSISTED),
        ([FREE, DIRECT], Split.ORGANIC),
        ([DIRECT], Split.ORGANIC),
        ([], Split.NONE),
        ([make_touch("paid_video", day=1, kind="view"), FREE], Split.ORGANIC),
    ],
    ids=["paid", "paid and free", "paid and direct", "free", "direct", "nothing", "paid but too old"],
)
def test_a_conversion_is_in_the_part_that_its_window_says(touches: list, part: Split) -> None:
    journeys = journeys_from(touches, [make_conversion(day=10)])
    assert paid_split(eligible(journeys, Windows())).tolist() == [part]
