"""URLs of booking at the desk."""

from django.urls import path

from core.console.booking import plans

app_name = "booking"
urlpatterns = [
    path("orders/<slug:code>/panel/", plans.panel, name="panel"),
    path("orders/<slug:code>/plan/", plans.plan, name="plan"),
]
