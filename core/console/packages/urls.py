"""Packages."""

from django.urls import path

from core.console.packages import views

app_name = "packages"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.edit, name="new"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/offer/", views.offer, name="offer"),
]
