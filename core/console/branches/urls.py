"""Branches."""

from django.urls import path

from core.console.branches import views

app_name = "branches"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.edit, name="new"),
    path("<int:pk>/", views.edit, name="edit"),
]
