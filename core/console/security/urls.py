"""Security of one's own login, and the studio's rule."""

from django.urls import path

from core.console.security import app, passkeys, rules, views

app_name = "security"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("proof/", views.prove, name="prove"),
    path("app/", app.app, name="app"),
    path("app/new/", app.new_app, name="app-new"),
    path("passkeys/question/", passkeys.question, name="passkey-question"),
    path("passkeys/", passkeys.add_passkey, name="passkey-add"),
    path("removal/", passkeys.removal, name="removal"),
    path("codes/", passkeys.codes, name="codes"),
    path("logins/end/", views.end_login, name="login-end"),
    path("logins/others/", views.end_others, name="logins-others"),
    path("rule/", rules.rule, name="rule"),
]
