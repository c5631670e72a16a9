"""What the addresses of reports need."""

from tests.goals.addresses import SAMPLES as OF_GOALS

SAMPLES = {"goal": OF_GOALS["goal"], "kpi": OF_GOALS["kpi"]}
