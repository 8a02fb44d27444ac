"""Wishes, plan, public page and booking; included without a namespace of its own."""

from django.urls import path

from portal.book import wishes

urlpatterns = [
    path("orders/<slug:code>/wishes/", wishes.brief, name="brief"),
    path("orders/<slug:code>/plan/", wishes.plan, name="plan"),
    path("orders/<slug:code>/plan/<int:version>/confirmation/", wishes.confirm, name="plan-confirm"),
    path("orders/<slug:code>/plan/<int:version>/return/", wishes.send_back, name="plan-return"),
]
