"""The platform host."""

from django.urls import path

from tenants import views
from tenants.signup import views as signup

app_name = "platform"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("signup/", signup.studio, name="signup"),
    path("signup/owner/", signup.owner, name="signup-owner"),
    path("signup/address/", signup.address, name="signup-address"),
]
