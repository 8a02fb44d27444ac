"""Security of one's own login, and the studio's rule."""

from django.urls import path

from core.console.security import rules, views

app_name = "security"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("proof/", views.prove, name="prove"),
    path("app/", views.app, name="app"),
    path("app/new/", views.new_app, name="app-new"),
    path("passkeys/question/", views.question, name="passkey-question"),
    path("passkeys/", views.add_passkey, name="passkey-add"),
    path("removal/", views.removal, name="removal"),
    path("codes/", views.codes, name="codes"),
    path("logins/end/", views.end_login, name="login-end"),
    path("logins/others/", views.end_others, name="logins-others"),
    path("rule/", rules.rule, name="rule"),
]
