"""The shared app of studios and their domains."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Studios"

    def ready(self) -> None:
        from tenants import checks

        fatal = [str(error.msg) for error in checks.demo_stays_at_home(None)]
        if fatal:  # not left to whoever remembers `manage.py check`: servers do not run it
            raise ImproperlyConfigured("; ".join(fatal))
