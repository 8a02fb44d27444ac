"""The platform host."""

from django.urls import path

from tenants import views
from tenants.signup import views as signup
from tenants.site import views as site

app_name = "platform"
urlpatterns = [
    path("", views.home, name="home"),
    path("try/", site.try_choosing, name="try"),
    path("faq/", site.faq, name="faq"),
    path("privacy/", site.privacy, name="privacy"),
    path("terms/", site.terms, name="terms"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("login/", views.login, name="login"),
    path("signup/", signup.studio, name="signup"),
    path("signup/owner/", signup.owner, name="signup-owner"),
    path("signup/code/", signup.code, name="signup-code"),
    path("signup/code/again/", signup.code_again, name="signup-code-again"),
    path("signup/address/", signup.address, name="signup-address"),
    path("signup/building/", signup.building, name="signup-building"),
]
