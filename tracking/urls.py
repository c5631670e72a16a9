"""Addresses of sources, tracking health and the door."""

from django.urls import path

from tracking import collect

app_name = "tracking"

urlpatterns = []

api_patterns = [
    path("collect", collect.collect, name="api-collect"),
    path("collect/batch", collect.collect_batch, name="api-collect-batch"),
]
