"""The pages that tell what went wrong: 400, 403, 404, 500, and a lost form token."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, with the way back to it."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
