"""ASGI entry for the web process."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats.settings")
application = get_asgi_application()
