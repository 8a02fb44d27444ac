"""Pages: the WSGI entry point (granian workers behind the proxy)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What is loaded now lives as long as the process: the collector need not walk it again and again (tests/bench/picks)
gc.collect()
gc.freeze()
