"""The customer's pages, at `<studio>.<platform>/` and at `<platform>/s/<studio>/`."""

from django.urls import include, path

from portal import entrance, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", entrance.login, name="login"),
    path("login/code/", entrance.code, name="code"),
    path("login/code/again/", entrance.resend, name="resend"),
    path("logout/", entrance.logout, name="logout"),
    path("orders/<slug:code>/", views.order, name="order"),
    path("photos/", views.galleries, name="galleries"),
    path("me/", views.account, name="account"),
    path("me/language/", views.language, name="language"),
    path("me/devices/<int:session>/logout/", views.revoke, name="revoke"),
    path("", include("portal.gallery.urls")),
    path("", include("portal.retouch.urls")),
    path("", include("portal.album.urls")),
    path("", include("portal.delivery.urls")),
    path("", include("portal.rights.urls")),
    path("", include("portal.book.urls")),
    path("", include("portal.money.urls")),
    path("", include("portal.contracts.urls")),
    path("", include("portal.showcase.urls")),
]
