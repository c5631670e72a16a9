"""The web server's door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measureplan.settings")

_pages = get_wsgi_application()

from measureplan.door import Doors  # noqa: E402  # its models need Django to be set up

application = Doors(_pages)
