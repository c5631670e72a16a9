from django.apps import AppConfig


class MeasureplanConfig(AppConfig):
    name = "measureplan"
    verbose_name = "Measureplan"
