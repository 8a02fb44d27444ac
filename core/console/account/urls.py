"""URLs of the account pages."""

from django.urls import path

from core.console.account import joining, second, views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/second/", second.second, name="second"),
    path("login/passkey/", second.passkey, name="passkey"),
    path("login/passkey/question/", second.question, name="passkey-question"),
    path("join/<str:token>/", joining.join, name="join"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
]
