"""`/gallery/<code>/rights/…`, included without a namespace of its own: `portal:rights`, `portal:rights-revoke`."""

from django.urls import path

from portal.rights import views

urlpatterns = [
    path("gallery/<slug:code>/rights/", views.rights, name="rights"),
    path("gallery/<slug:code>/rights/<int:consent>/revocation/", views.revoke, name="rights-revoke"),
]
