"""Galleries, uploads, renditions, picks."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "selection"
    verbose_name = "Selection"

    def ready(self) -> None:
        from selection import streams  # noqa: F401 (registers the gallery's sockets)
