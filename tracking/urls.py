"""Addresses of sources, tracking health and the door."""

from django.urls import path

from tracking import api, collect
from tracking.views import health, sources

app_name = "tracking"

urlpatterns = [
    path("w/<slug:workspace>/tracking/", health.overview, name="health"),
    path("w/<slug:workspace>/sources/", sources.listing, name="sources"),
    path("w/<slug:workspace>/sources/new/", sources.create, name="source-new"),
    path("w/<slug:workspace>/sources/<slug:source>/", sources.source, name="source"),
    path("w/<slug:workspace>/sources/<slug:source>/edit/", sources.edit, name="source-edit"),
    path("w/<slug:workspace>/sources/<slug:source>/close/", sources.close, name="source-close"),
]

api_patterns = [
    path("collect", collect.collect, name="api-collect"),
    path("collect/batch", collect.collect_batch, name="api-collect-batch"),
    path("sources", api.Sources.as_view(), name="api-sources"),
    path("sources/<slug:source>", api.SourceView.as_view(), name="api-source"),
]
