"""Headquarters."""

from django.urls import path

from core.console.hq import views

app_name = "hq"
urlpatterns = [
    path("", views.compare, name="compare"),
    path("branches.csv", views.export, name="export"),
]
