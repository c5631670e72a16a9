from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Answer what the storeys below ask of metrics; what can is made of models, which are there only now."""
        metrics, judging = import_module("goals.metrics"), import_module("reports.calculated.judging")
        metrics.judged_by(judging.unfit)
