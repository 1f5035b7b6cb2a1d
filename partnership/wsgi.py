"""Entry point for web servers that speak WSGI."""

import os

from django.core.wsgi import get_wsgi_application

from partnership import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
application = get_wsgi_application()
checks.refuse_a_demonstration_in_production()
