"""`/gallery/<code>/album/…`, included without a namespace of its own: `portal:album`, `portal:album-spread`, …"""

from django.urls import path

from portal.album import verbs, views

DRAFT = "gallery/<slug:code>/album/<int:album>/draft/<int:draft>/"
urlpatterns = [
    path("gallery/<slug:code>/album/", views.albums, name="albums"),
    path("gallery/<slug:code>/album/<int:album>/", views.overview, name="album"),
    path("gallery/<slug:code>/album/<int:album>/evidence/", views.evidence_page, name="album-evidence"),
    path("gallery/<slug:code>/album/<int:album>/comments/<int:comment>/settlement/", verbs.settle, name="album-settle"),
    path("gallery/<slug:code>/album/<int:album>/offer/", verbs.answer, name="album-offer"),
    path(DRAFT, views.overview, name="album-draft"),
    path(f"{DRAFT}return/", verbs.give_back, name="album-return"),
    path(f"{DRAFT}approval/", verbs.approve, name="album-approve"),
    path(f"{DRAFT}<int:position>/", views.spread, name="album-spread"),
    path(f"{DRAFT}<int:position>/verdict/", verbs.judge, name="album-verdict"),
    path(f"{DRAFT}<int:position>/comments/", verbs.comment, name="album-comment"),
    path(f"{DRAFT}<int:position>/swap/", verbs.swap, name="album-swap"),
]
