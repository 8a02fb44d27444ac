"""URL of the console's first page."""

from django.urls import path

from core.console.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("first-steps/end/", views.settle, name="first-steps-end"),
]
