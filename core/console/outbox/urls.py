"""URL of the outbox."""

from django.urls import path

from core.console.outbox import views

urlpatterns = [path("", views.outbox, name="outbox")]
