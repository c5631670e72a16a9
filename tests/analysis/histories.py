"""Random histories of a few persons, coarse enough that equal times and exact window ends come up often."""

from typing import Any

from hypothesis import strategies as st

from tests.analysis.builders import START_US

CHANNELS = ("direct", "email", "paid_search", "paid_video", "referral")
SIXTH_OF_A_DAY_US = 14_400_000_000  # coarse, so that equal times and exact window ends come up often
WINDOWS: list[dict[str, float | None]] = [
    {"view": 1, "engagement": 30, "click": 30},
    {"view": None, "engagement": 1 / 6, "click": 7},
    {"view": 7, "engagement": None, "click": 0.5},
    {"view": 90, "engagement": 90, "click": 90},
]


def _moments() -> st.SearchStrategy[int]:
    return st.integers(0, 120).map(lambda step: START_US + step * SIXTH_OF_A_DAY_US)


def _rows(most: int, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            "person": st.integers(0, 2),
            "time_us": _moments(),
            "sequence": st.sampled_from([None, 0, 1, 2]),
            "session": st.sampled_from([None, 1, 2]),
            **more,
        }
    )
    numbered = st.lists(row, max_size=most)
    return numbered.map(lambda rows: [row | {"event_id": f"e{i}"} for i, row in enumerate(rows)])


def _with_flags(touches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        touch | {"direct": touch["channel"] == "direct", "paid": touch["channel"].startswith("paid")}
        for touch in touches
    ]


TOUCHES = _rows(14, channel=st.sampled_from(CHANNELS), kind=st.sampled_from(["view", "engagement", "click"])).map(
    _with_flags
)
SALES = _rows(6, value=st.integers(0, 1000))
