"""URLs of booking at the desk."""

from django.urls import path

from core.console.booking import minute, plans, proposals

app_name = "booking"
urlpatterns = [
    path("new/", minute.minute, name="new"),
    path("orders/<slug:code>/proposal/", proposals.propose, name="propose"),
    path("orders/<slug:code>/proposals/<int:pk>/withdrawal/", proposals.withdraw, name="withdraw"),
    path("orders/<slug:code>/panel/", plans.panel, name="panel"),
    path("orders/<slug:code>/plan/", plans.plan, name="plan"),
]
