"""The ASGI entry point, for tools that want one; the sync portal is never served through it (ten times slower)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

application = get_asgi_application()
