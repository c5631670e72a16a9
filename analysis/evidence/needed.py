"""How many persons it takes to tell a ratio of risks from 1."""

import math

from scipy.special import ndtri

LIFT = 1.5  # the ratio worth telling: a smaller one seldom changes a plan
CONFIDENCE, POWER = 0.95, 0.8


def persons_needed(rate: float, per_person: float, *, lift: float = LIFT, power: float = POWER) -> int | None:
    """Give the persons with the micro goal that a test needs to find a ratio of risks.

    rate         of those without: the share that reaches the macro goal, a fraction
    per_person   persons without for each person with the micro goal, above 0
    lift         the ratio that is to be found, above 1
    power        the probability of finding it, above 0 and below 1; the test's own level is 5 %, two-sided
    returns      a whole number; None where the rate is 0, or would pass 1 with the lift: no number of persons helps
    source       Fleiss, Levin, Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., 4.14,
                 without continuity correction
    """
    if lift <= 1 or per_person <= 0:
        raise ValueError(f"lift {lift} with {per_person} persons for each: give a lift above 1 and somebody without")
    higher = rate * lift
    if not rate > 0 or higher >= 1:
        return None
    mean = (higher + per_person * rate) / (1 + per_person)
    level = float(ndtri((1 + CONFIDENCE) / 2)) * math.sqrt((1 + per_person) * mean * (1 - mean))
    other = float(ndtri(power)) * math.sqrt(per_person * higher * (1 - higher) + rate * (1 - rate))
    return math.ceil((level + other) ** 2 / (per_person * (higher - rate) ** 2))
