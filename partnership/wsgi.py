"""Entry point for web servers that speak WSGI."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from partnership import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
application = get_wsgi_application()
checks.refuse_a_demonstration_in_production()
# Every address and page is loaded now, not while the first who asks waits.
reverse("front")
# What is loaded by now stays: a page of thousands of figures would have the collector walk it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
