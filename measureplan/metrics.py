"""Prometheus metrics: requests by route, and what waits to be done. Every web process adds to the same numbers."""

import os
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from measureplan.backlog import Backlog

REQUESTS = Counter("measureplan_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "measureplan_request_seconds",
    "Time from a request's arrival to its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Measured:
    """Middleware that counts and times every request by its route, never by its path: paths have no end."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.answer(request)
        route = request.resolver_match.route if request.resolver_match else "(none)"
        REQUESTS.labels(route, request.method, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


class _Waiting:
    """Gauges read from the rows at each scrape, so that they are true whichever process answers."""

    def collect(self) -> list[GaugeMetricFamily]:
        found = Backlog.read(now=timezone.now())
        return [
            GaugeMetricFamily("measureplan_inbox_requests", "Accepted requests not in the lake yet.", found.requests),
            GaugeMetricFamily("measureplan_inbox_oldest_seconds", "Age of the oldest of them.", found.oldest_seconds),
            GaugeMetricFamily(
                "measureplan_stale_goals", "Goals whose figures are being brought up.", found.stale_goals
            ),
        ]


@transaction.non_atomic_requests
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape; from elsewhere than this machine only with MP_METRICS_TOKEN as bearer."""
    if not _may_scrape(request):
        return HttpResponseForbidden("metrics are for this machine, or for who shows MP_METRICS_TOKEN\n")
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(_Waiting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        return shown == settings.METRICS_TOKEN
    # Behind a proxy every request comes from this machine, so that its address alone proves nothing.
    return not settings.TRUSTED_PROXIES and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
