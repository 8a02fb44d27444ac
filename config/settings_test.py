"""Settings of the test run: the product's, with cheap password hashing and no surprise from the environment."""

import os

from config.settings import *  # noqa: F403 (the product's settings, whole)
from config.settings import DATABASES, LOGGING

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool", None)  # tests drive threads with their own connections
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("YL_TEST_DB", "yl_test")}
LOGGING["root"]["level"] = "WARNING"
DNS_RESOLVER = "tests.tenants.life.make.resolver"  # no network in tests
DEMO = False
OPERATOR_SECOND_STEP = False  # tests of it say so
DEMO_PHONE_CODE = ""
