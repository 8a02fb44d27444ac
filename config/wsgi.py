"""Pages: the WSGI entry point (granian workers behind the proxy)."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def warm() -> None:
    """Load what a process's first visitor would wait two seconds for: every view, the words, the base templates."""
    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        get_resolver(urls)._populate()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Saved")
    for template in ("portal/gallery/gallery.html", "console/base.html"):
        get_template(template)


warm()
# What is loaded now lives as long as the process: the collector need not walk it again and again (tests/bench/picks)
gc.collect()
gc.freeze()
