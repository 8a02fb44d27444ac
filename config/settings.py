"""The product's settings, read from the environment only (README: configuration table)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.utils.csp import CSP

from config.jobs import *  # noqa: F403 (settings of the job worker)
from config.lapsed import WHEN_LAPSED  # noqa: F401 (what goes on without a subscription)
from tenants.postgresql.pool import check

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "0").lower() in {"1", "true", "yes"}


DEBUG = _flag("DEBUG")
DEMO = _flag("DEMO")  # shows phone codes and fixes them; refused by a system check outside the demo machine
SECRET_KEY = os.environ["SECRET_KEY"]
PLATFORM_URL = os.environ.get("PLATFORM_URL", "http://localhost:8000").rstrip("/")
PLATFORM_HOST = urlsplit(PLATFORM_URL).hostname or "localhost"
PLATFORM_SECURE = urlsplit(PLATFORM_URL).scheme == "https"
STUDIO_ORIGINS = PLATFORM_URL.replace("://", "://*.", 1)  # as a CSP source
_MANY = "2000 per hour"  # the demo's own scripts all come from one address
SIGNUP_LIMITS = {
    "open": os.environ.get("SIGNUP_LIMIT", _MANY if DEMO else "6 per hour"),  # studios, per address
    "open_all": os.environ.get("SIGNUP_LIMIT_ALL", "2000 per hour" if DEMO else "200 per hour"),  # of everybody
    "code_to": _MANY if DEMO else "5 per hour;10 per day",  # codes to one phone or e-mail
    "code_from": _MANY if DEMO else "20 per hour",  # asked for from one address
    "code_all": os.environ.get("SIGNUP_CODES_ALL", "2000 per hour" if DEMO else "600 per hour"),  # what SMS may cost
    "guess": _MANY if DEMO else "60 per hour",
    "look": "120 per minute",
    "operator": "20 per 10 minutes",
    "operator_step": "10 per 10 minutes",  # per person
}
SIGNUP_FASTEST = 0 if DEMO else 3  # seconds: whoever fills in the owner's step faster is asked to press again
SIGNUP_CODE_SENDER = "core.messaging.owners.send_signup_code"
# Said on the public pages: who runs this installation, where its data lies, who else handles it ("name: purpose; …")
PLATFORM_OPERATOR = os.environ.get("PLATFORM_OPERATOR", "")
PLATFORM_CONTACT = os.environ.get("PLATFORM_CONTACT", "")
PLATFORM_DATA_PLACE = os.environ.get("PLATFORM_DATA_PLACE", "")
PLATFORM_SUBPROCESSORS = [
    each.strip() for each in os.environ.get("PLATFORM_SUBPROCESSORS", "").split(";") if each.strip()
]
PLATFORM_BACKUP_DAYS = int(os.environ.get("PLATFORM_BACKUP_DAYS", "30"))
TRIAL_DAYS = 14
SHOWCASE_URL = os.environ.get("SHOWCASE_URL", "")  # a studio's public works, shown to visitors of the platform
ALLOWED_HOSTS = ["*"]  # StudioMiddleware refuses every host that is no studio's and not the platform's
DEMO_PHONE_CODE = os.environ.get("DEMO_PHONE_CODE", "") if DEMO else ""

# -- Apps ------------------------------------------------------------------------------------------------------------
# contenttypes, auth and admin live in `public` only: no studio table refers to them, so their ids cannot differ
SHARED_APPS = [
    "tenants.operators.OperatorConfig",  # before django_tenants, whose admin templates hold inline styles
    "django_tenants",
    "tenants",
    "tenants.accounts",
    "billing",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "rest_framework",
    "channels",
]
TENANT_APPS = ["tenants.accounts", "core", "selection", "portal"]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
TENANT_MODEL = "tenants.Studio"
TENANT_DOMAIN_MODEL = "tenants.Domain"
MONEY_LISTENERS = [  # studio jobs told of every account that changed: account=<id>
    "core.orders.jobs.note_money",
    "core.orders.jobs.count_sale",
    "core.booking.jobs.follow_money",
]
EVENT_FOLLOWERS = {  # event kind → studio jobs enqueued in its transaction: thread=<the history it belongs to>
    "contract.signed": ["core.booking.jobs.follow_contract"],
    "order.moved": ["core.orders.jobs.count_journey"],
    "stage.assigned": ["core.orders.jobs.count_journey"],
}
OPERATOR_PAGES = ["billing.operating.urls"]  # called with the operators' site: addresses below /operator/
STUDIO_BRINGS = ["subscription__plan"]  # rows that every request needs come with its studio, in the same query
OWNER_LETTERS = "core.messaging.owners.write_owners"  # how a letter about the subscription reaches the owner
USAGE_METERS = {  # inside a studio: how much of each limit is used
    "branches": "core.studios.selectors.branches_open",
    "seats": "core.people.selectors.seats_used",
    "storage_bytes": "selection.selectors.stored_bytes",
    "messages": "core.messaging.selectors.sms_this_month",
}
STUDIO_FURNISHERS = [  # called inside a new studio, in its transaction
    "core.orders.furnish.furnish_studio",
    "core.contracts.stock.furnish_studio",
    "billing.subscribing.begin_trial",
]
PROVIDER_LINES = int(os.environ.get("PROVIDER_LINES", "4"))  # calls of a process to pay providers at one time
SIGNATURE_PROVIDER = "core.contracts.provider.BuiltIn"  # who seals contracts and may take signatures elsewhere
# A studio's life (tenants.life) by name, from the floors above
STUDIO_STORE = "core.kernel.bulk"  # where whole studios' files are
STUDIO_TELLER = "core.messaging.owners.tell_owners"  # called inside a studio: what=, key=, facts
STUDIO_WARNER = "core.messaging.owners.warn_owners"  # the same, to every address that an owner has; how many
STUDIO_RESCUER = "core.people.rescue"  # owners who lost their second step
STUDIO_REKEYERS = [
    "core.contracts.sealkeys.rekey_from",
    "tenants.accounts.steps.totp.rekey_from",
]  # called inside a restored copy with the former schema
SUPPORT_DOOR = "core.people.support.support_user"  # called inside a studio: is_open=
VISITORS_MAY = {"console:logout", "set_language"}  # verbs of a support visitor who only looks
STUDIO_SHEETS = "core.orders.overview.sheets"  # called inside a studio: (zone) → [(name, lines)] for an archive's owner
EXPORT_ALWAYS = {"contracts"}  # first parts of keys that every archive holds as files
EXPORT_PART_BYTES = 8 * 1024 * 1024
STUDIO_LEAVERS = ["billing.leaving.stop_charging"]  # studio=; before it is closed or erased; "" or what went wrong
KEPT_AFTER_ERASURE = {  # shared rows that outlive their studio → what takes its name off them: studio=, code=; how many
    "tenants.StudioTask": "",
    "billing.Bill": "billing.leaving.keep_books",
}
STUDIO_CARRIES = {  # shared things of a studio in its archive: (studio) → told, and (studio, told) at a restored copy
    "pay_accounts": ("billing.leaving.told_accounts", "billing.leaving.reopen_accounts"),
}
RESTORE_SETTLE_SECONDS = 2.5  # before a restore in place; tenants.directory.SECONDS and a little
SHUT_WHEN_SUSPENDED = ("/console/", "/enter/", "/book/", "/cal/")  # also to customers who still reach the rest
DNS_RESOLVER = os.environ.get("DNS_RESOLVER", "tenants.life.domains.system_resolver")
CANARY_STUDIO = os.environ.get("CANARY_STUDIO", "")  # migrated first; when it fails nobody else is touched
GET_EXECUTOR_FUNCTION = "tenants.executor.get_executor"  # `migrate_schemas` cannot go around our walls
AUTH_USER_MODEL = "accounts.User"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SKIP_PG_EXTRA_VALIDATION = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Data ------------------------------------------------------------------------------------------------------------
ORIGINAL_BACKEND = "tenants.postgresql.portable"
TENANT_LIMIT_SET_CALLS = True
DATABASES: dict[str, dict[str, Any]] = {
    "default": dj_database_url.parse(
        os.environ["DATABASE_URL"],
        engine="tenants.postgresql",
        conn_max_age=0,
    )  # type: ignore[dict-item]  # dj_database_url's TypedDict is narrower than Django's settings
}
DATABASES["default"]["OPTIONS"] = {
    "pool": {
        "min_size": int(os.environ.get("DB_POOL_MIN", "1")),
        "max_size": int(os.environ.get("DB_POOL_MAX", "8")),
        "timeout": 10,
        "check": check,  # a connection that died in the pool (PostgreSQL restarted) is not handed out
        "max_lifetime": 1800,  # a session that has seen many studios grows (tenancy.md §1.9): recycle it
    },
    "prepare_threshold": 5,  # for `hot_cursor` only: Django's own cursors bind on the client and never prepare
    "application_name": os.environ.get("SERVICE_NAME", "yinglou"),
}
VALKEY_URL = os.environ["VALKEY_URL"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "tenants.context.cache_key",
    }
}
S3 = {
    "endpoint_url": os.environ["S3_ENDPOINT_URL"],
    "public_url": os.environ.get("S3_PUBLIC_URL", os.environ["S3_ENDPOINT_URL"]).rstrip("/"),
    "bucket": os.environ["S3_BUCKET"],
    "region": os.environ.get("S3_REGION", "us-east-1"),
    "access_key": os.environ["S3_ACCESS_KEY"],
    "secret_key": os.environ["S3_SECRET_KEY"],
}
MEDIA_ACCEL = _flag("MEDIA_ACCEL")  # the proxy answers X-Accel-Redirect; without it the page worker streams

# -- Ways out ----------------------------------------------------------------------------------------------------------
# Dotted paths of core.messaging.senders.Sender classes; a deploy check refuses the demo's, which only fills the outbox
MESSAGE_SENDERS = {
    "sms": os.environ.get("MESSAGE_SENDER_SMS", "core.messaging.senders.OutboxSender"),
    "email": os.environ.get(
        "MESSAGE_SENDER_EMAIL", f"core.messaging.senders.{'OutboxSender' if DEMO else 'MailSender'}"
    ),
}
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ.get("EMAIL_HOST", "localhost"),
            "port": int(os.environ.get("EMAIL_PORT", "25")),
            "username": os.environ.get("EMAIL_USER", ""),
            "password": os.environ.get("EMAIL_PASSWORD", ""),
            "use_ssl": _flag("EMAIL_USE_SSL"),
            "use_tls": _flag("EMAIL_USE_TLS"),
            "timeout": 10,
        },
    }
}
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", f"no-reply@{PLATFORM_HOST}")

# -- Pay routes --------------------------------------------------------------------------------------------------------
# Without addresses the real providers are asked; the demo's fakes have theirs here (infra/fakes)
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "")  # the platform's; without it Stripe is not offered
STRIPE_CONNECT_SECRETS = os.environ.get("STRIPE_CONNECT_SECRETS", "").split()  # of /hooks/stripe/connect, newest first
STRIPE_WEBHOOK_SECRETS = os.environ.get("STRIPE_WEBHOOK_SECRETS", "").split()  # of /hooks/stripe
STRIPE_PORTAL_CONFIGURATION = os.environ.get("STRIPE_PORTAL_CONFIGURATION", "")  # bpc_…; empty: the default one
STRIPE_API_BASE = os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")
WECHAT_API_BASE = os.environ.get("WECHAT_API_BASE", "https://api.mch.weixin.qq.com")
# the platform's own keys as WeChat Pay's service provider (服务商); without all of them studios bring their own
WECHAT_SP = {
    name: os.environ.get(f"WECHAT_SP_{name.upper()}", "").replace("\\n", "\n")
    for name in ("mchid", "appid", "cert_serial_no", "private_key", "apiv3_key", "public_key_id", "public_key")
}
# the secret of the official account whose app id is WECHAT_SP_APPID: with it customers of studios under us pay inside
# WeChat where the studio has no official account of its own. WECHAT_SP_VERIFY: "MP_verify_….txt content" for our domain
WECHAT_SP_APP_SECRET = os.environ.get("WECHAT_SP_APP_SECRET", "")
WECHAT_SP_VERIFY = os.environ.get("WECHAT_SP_VERIFY", "")
WECHAT_OPEN_BASE = os.environ.get("WECHAT_OPEN_BASE", "https://open.weixin.qq.com")  # where a payer is asked for
WECHAT_OAUTH_BASE = os.environ.get("WECHAT_OAUTH_BASE", "https://api.weixin.qq.com")
WECHAT_BRIDGE_PAGE = os.environ.get("WECHAT_BRIDGE_PAGE", "")  # the fakes' page in the place of WeChat's payment sheet
ALIPAY_GATEWAY = os.environ.get("ALIPAY_GATEWAY", "https://openapi.alipay.com/gateway.do")
# the first seals merchants' keys, all open them
CREDENTIAL_KEYS = os.environ.get("CREDENTIAL_KEYS", "").split() or [SECRET_KEY]
PAY_NOTICE_HANDLER = os.environ.get("PAY_NOTICE_HANDLER", "core.finance.jobs.apply_notice")
# where a pay button may lead: browsers hold redirects after a form against `form-action`
PAY_PAGES = os.environ.get(
    "PAY_PAGES", "https://*.stripe.com https://*.alipay.com https://*.tenpay.com https://*.weixin.qq.com"
).split()

# -- HTTP ------------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
CUSTOMER_URLCONF = "config.urls_customer"
# kinds of access that each map may hold; a view of another kind would meet no door there
URLCONF_ACCESS = {
    "config.urls": {"anyone", "staff", "customer", "signed"},
    "config.urls_customer": {"anyone", "customer", "signed", "staff"},  # staff: 404 there, the API's maps are shared
    "config.urls_public": {"anyone"},
}
ACCESS_EXEMPT = {"admin"}  # namespaces with a door of their own: Django admin asks for operators
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
MIDDLEWARE = [
    "tenants.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "tenants.middleware.StudioMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.life.visitors.SupportMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.console.middleware.StaffMiddleware",
    "portal.middleware.CustomerMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "tenants" / "templates"],  # before the admin's own, whose frame is ours
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "core.console.context.staff",
                "selection.console.context.menu",
            ],
            "builtins": ["core.templatetags.ui", "django.templatetags.static", "django.templatetags.i18n"],
        },
    }
]
APPEND_SLASH = True
TRUSTED_PROXIES = os.environ.get("TRUSTED_PROXIES", "127.0.0.0/8 ::1/128").split()  # their X-Forwarded-For is believed
SESSION_ENGINE = "tenants.accounts.sessions"  # sessions that their owners see and end
SESSION_COOKIE_NAME = "yl_staff"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PLATFORM_SECURE
SESSION_COOKIE_SAMESITE = "Lax"  # host-only on purpose: no SESSION_COOKIE_DOMAIN (tenancy.md §1.4)
CSRF_COOKIE_NAME = "yl_csrf"
CSRF_FAILURE_VIEW = "tenants.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = PLATFORM_SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PLATFORM_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PLATFORM_SECURE else None
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:", S3["public_url"]],
    "media-src": [CSP.SELF],  # a story's clip
    "connect-src": [CSP.SELF, S3["public_url"]],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF, *PAY_PAGES],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
# A second step for every operator of the platform; studios decide for themselves, role by role
OPERATOR_SECOND_STEP = os.environ.get("OPERATOR_SECOND_STEP", "0" if DEMO else "1").lower() in {"1", "true", "yes"}
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:today"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
}

# -- Words, time, files ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "yl_language"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [("vendor", BASE_DIR / "var" / "vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files belong to core.kernel.storage (S3)
    "staticfiles": {"BACKEND": "core.kernel.staticfiles.HashedStaticFiles"},
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"studio": {"()": "tenants.context.StudioLogFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(studio)s] %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["studio"]}},
    "loggers": {
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
        "procrastinate.jobs": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
