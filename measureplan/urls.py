"""The address of every page, API and collector."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from goals.urls import api_patterns as goals_api
from measureplan.health import healthz, readyz
from measureplan.look import look
from measureplan.metrics import metrics
from reports.urls import api_patterns as reports_api
from tracking.urls import api_patterns as tracking_api
from workspaces.urls import api_patterns as workspaces_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/", include(reports_api)),
    path("api/v1/", include(goals_api)),
    path("api/v1/", include(tracking_api)),
    path("api/v1/", include(workspaces_api)),
    path("", include("reports.urls")),
    path("", include("goals.urls")),
    path("", include("tracking.urls")),
    path("", include("workspaces.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("look/", look, name="look"))

handler400 = "workspaces.errors.bad_request"
handler403 = "workspaces.errors.forbidden"
handler404 = "workspaces.errors.not_found"
handler500 = "workspaces.errors.server_error"
