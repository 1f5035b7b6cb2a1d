"""Entry point for web servers that speak ASGI."""

import os

from django.core.asgi import get_asgi_application

from partnership import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
application = get_asgi_application()
checks.refuse_a_demonstration_in_production()
