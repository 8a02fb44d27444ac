"""One app, so that a schema per studio migrates one line and a class can change rooms without surgery."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Studio"

    def ready(self) -> None:
        from core.messaging import checks  # noqa: F401 (registers the system checks)
