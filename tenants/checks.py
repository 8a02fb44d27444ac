"""System checks of the walls: a misconfiguration fails at start, not in front of a customer."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from tenants.access import access_of

HOME_HOSTS = ("localhost", "127.0.0.1", "::1")
KEY_LENGTH = 50


@register(Tags.urls)
def every_url_declares_access(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E010: a view without a declaration · E011: a declaration that no door of that map enforces."""
    return [
        message
        for urlconf, kinds in settings.URLCONF_ACCESS.items()
        for route, view in routes(get_resolver(urlconf).url_patterns)
        for message in _access_errors(f"{urlconf}: {route}", view, kinds)
    ]


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(route, view) of every pattern, included maps unfolded; exempt namespaces left out."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        elif isinstance(pattern, URLResolver) and pattern.namespace not in settings.ACCESS_EXEMPT:
            yield from routes(pattern.url_patterns, route)


def _access_errors(where: str, view: Any, kinds: set[str]) -> list[CheckMessage]:
    access = access_of(view)
    if access is None:
        return [Error(f"{where} declares no access", hint="see tenants.access", id="tenants.E010")]
    if access.kind not in kinds:
        return [Error(f"{where} is for {access.kind}, but nothing enforces that here", id="tenants.E011")]
    return []


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E012: the demo's fixed phone code on a public host · E013: a development key there."""
    if is_home(settings.PLATFORM_HOST):
        return []
    found: list[CheckMessage] = []
    if settings.DEMO or settings.DEMO_PHONE_CODE:
        found.append(Error("DEMO and DEMO_PHONE_CODE are for localhost only: anybody could log in", id="tenants.E012"))
    key = settings.SECRET_KEY
    if len(key) < KEY_LENGTH or key.startswith(("dev", "django-insecure", "test")) or len(set(key)) < 10:
        found.append(Error("SECRET_KEY is a development key: make a random one of 50 characters", id="tenants.E013"))
    return found


def is_home(host: str) -> bool:
    """Whether the host is this very machine."""
    return host in HOME_HOSTS or host.endswith(".localhost")


@register(Tags.caches)
def caches_carry_the_studio(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E014: a cache whose keys are alike for all studios."""
    return [
        Error(f"cache {name!r} must have KEY_FUNCTION tenants.context.cache_key", id="tenants.E014")
        for name, options in settings.CACHES.items()
        if options.get("KEY_FUNCTION") != "tenants.context.cache_key"
    ]


@register(Tags.security)
def cookies_belong_to_one_host(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E015: a cookie that every studio's host would receive."""
    names = ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN")
    return [
        Error(f"{name} would share cookies between studios", id="tenants.E015")
        for name in names
        if getattr(settings, name)
    ]


@register(Tags.models)
def studios_refer_to_themselves_only(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """E016: a foreign key from a studio's table to a shared one · E017: ids of rows that differ per schema."""
    inside = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    found: list[CheckMessage] = [
        error
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in inside
        for error in foreign_relations(model, inside)
    ]
    found += [
        Error(f"{name} must stay out of TENANT_APPS: its ids differ per studio (tenancy.md C)", id="tenants.E017")
        for name in ("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin")
        if name in settings.TENANT_APPS
    ]
    return found


def foreign_relations(model: Any, inside: set[str]) -> list[CheckMessage]:
    """Errors for relations of `model` to apps that are not `inside` every studio."""
    return [
        Error(
            f"{model._meta.label}.{field.name} refers to the shared table {field.related_model._meta.label}",
            id="tenants.E016",
        )
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and not field.auto_created and field.related_model
        if field.related_model._meta.app_label not in inside
    ]


@register(Tags.database, deploy=True)
def walls_stand(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """E020, with `check --deploy --database default`: what `manage.py selftest` finds."""
    from tenants import selftest

    return [Error(problem, id="tenants.E020") for problem in selftest.problems()] if databases else []
