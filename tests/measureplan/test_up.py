"""Which worker `measureplan up` takes for deaf."""

import math

import pytest

from measureplan.up import CANARY_SECONDS, FIRST_CANARY_SECONDS, LONG_CANARY_SECONDS, is_deaf

LONG_AGO = 1_000_000.0


@pytest.mark.parametrize(
    ("lived", "silent", "most", "deaf"),
    [
        (3_600, 14, CANARY_SECONDS, False),
        (3_600, CANARY_SECONDS + 1, CANARY_SECONDS, True),
        (CANARY_SECONDS + 1, LONG_AGO, CANARY_SECONDS, False),
        (CANARY_SECONDS + 1, CANARY_SECONDS + 2, CANARY_SECONDS, False),
        (FIRST_CANARY_SECONDS + 1, LONG_AGO, CANARY_SECONDS, True),
        (FIRST_CANARY_SECONDS + 1, LONG_AGO, LONG_CANARY_SECONDS, False),
        (LONG_AGO, LONG_AGO * 2, math.inf, False),
    ],
    ids=[
        "heard a moment ago",
        "heard once, silent since",
        "still starting",
        "still starting, the one before it was heard",
        "never heard",
        "never heard, behind a long task",
        "nobody listens for it",
    ],
)
def test_a_worker_that_was_heard_is_deaf_sooner_than_one_that_starts(
    lived: float, silent: float, most: float, deaf: bool
) -> None:
    assert is_deaf(lived=lived, silent=silent, most=most) == deaf
