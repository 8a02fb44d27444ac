"""`/works/…`, included without a namespace of its own: `portal:showcase`."""

from django.urls import path, re_path

from portal.showcase import views

urlpatterns = [
    path("works/", views.showcase, name="showcase"),
    re_path(r"^works/(?P<sample>[a-z0-9]{4,16})/$", views.work, name="showcase-work"),
]
