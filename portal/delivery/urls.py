"""`/gallery/<code>/delivery/…`, included without a namespace of its own: `portal:delivery`, `portal:story`, …"""

from django.urls import path, re_path

from portal.delivery import views

urlpatterns = [
    path("gallery/<slug:code>/delivery/", views.delivery, name="delivery"),
    re_path(r"^gallery/(?P<code>[a-z0-9]{4,16})/delivery/(?P<what>[fo]\d{1,6})/$", views.single, name="delivery-photo"),
    path("gallery/<slug:code>/story/", views.story, name="story"),
    path("gallery/<slug:code>/story/link/", views.share, name="story-share"),
    re_path(r"^story/(?P<share_code>[\w-]{20,32})/$", views.shared, name="shared-story"),
]
