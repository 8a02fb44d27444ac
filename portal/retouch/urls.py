"""`/gallery/<code>/retouch/…`, included without a namespace of its own: `portal:retouch`, `portal:retouch-photo`, …"""

from django.urls import path

from portal.retouch import verbs, views

urlpatterns = [
    path("gallery/<slug:code>/retouch/", views.overview, name="retouch"),
    path("gallery/<slug:code>/retouch/acceptance/", verbs.accept_rest, name="retouch-rest"),
    path("gallery/<slug:code>/retouch/return/", verbs.give_back, name="retouch-return"),
    path("gallery/<slug:code>/retouch/signature/", verbs.sign, name="retouch-sign"),
    path("gallery/<slug:code>/retouch/offer/", verbs.answer, name="retouch-offer"),
    path("gallery/<slug:code>/retouch/<int:number>/", views.photo, name="retouch-photo"),
    path("gallery/<slug:code>/retouch/<int:number>/verdict/", verbs.judge, name="retouch-verdict"),
]
