"""URLs of the account pages."""

from django.urls import path

from core.console.account import joining, recovering, second, views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/second/", second.second, name="second"),
    path("login/passkey/", second.passkey, name="passkey"),
    path("login/passkey/question/", second.question, name="passkey-question"),
    path("login/forgotten/", recovering.forgotten, name="forgotten"),
    path("login/forgotten/again/", recovering.again, name="forgotten-again"),
    path("login/forgotten/code/", recovering.code, name="forgotten-code"),
    path("login/forgotten/password/", recovering.password, name="forgotten-password"),
    path("join/<str:token>/", joining.join, name="join"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
]
