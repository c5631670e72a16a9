"""The address of every page, API and collector."""

from django.urls import URLPattern, URLResolver, path

from measureplan.health import healthz, readyz
from measureplan.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
