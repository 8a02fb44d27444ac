"""`/gallery/<code>/…`, included without a namespace of its own: `portal:gallery`, `portal:review`."""

from django.urls import path

from portal.gallery import views

urlpatterns = [
    path("gallery/<slug:code>/", views.gallery, name="gallery"),
    path("gallery/<slug:code>/review/", views.review, name="review"),
]
