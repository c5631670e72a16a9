from importlib import import_module

from django.apps import AppConfig


class MeasureplanConfig(AppConfig):
    name = "measureplan"
    verbose_name = "Measureplan"

    def ready(self) -> None:
        """Register the system checks; the worker app is found by Celery's own door."""
        import_module("measureplan.checks")
        import_module("measureplan.celery")
