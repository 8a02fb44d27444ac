"""Listed in both SHARED_APPS and TENANT_APPS: each schema has its own users."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tenants.accounts"
    label = "accounts"
    verbose_name = "Accounts"
