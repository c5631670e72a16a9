"""The web server's door."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measureplan.settings")

_pages = get_wsgi_application()

from measureplan.door import Doors  # noqa: E402  # its models need Django to be set up

application = Doors(_pages)

# What pages import and every language's addresses come now, once: a visitor who waits for them waits for seconds.
for _language, _ in settings.LANGUAGES:
    with translation.override(_language):
        reverse("account_login")
