"""`/gallery/<code>/…`, included without a namespace of its own: `portal:gallery`, `portal:review`."""

from django.urls import path

from portal.gallery import arranging, parts, people, pin, placing, reopening, views

urlpatterns = [
    path("gallery/<slug:code>/", views.gallery, name="gallery"),
    path("gallery/<slug:code>/pin/", pin.pin, name="pin"),
    path("gallery/<slug:code>/people/", people.people, name="people"),
    path("gallery/<slug:code>/people/sharing/", people.sharing, name="sharing"),
    path("gallery/<slug:code>/people/guests/", people.guests, name="guests"),
    path("gallery/<slug:code>/people/<int:seat>/", people.person, name="person"),
    path("gallery/<slug:code>/review/", views.review, name="review"),
    path("gallery/<slug:code>/review/evidence/", views.evidence, name="review-evidence"),
    path("gallery/<slug:code>/review/evidence/<int:part>/", views.evidence, name="part-evidence"),
    path("gallery/<slug:code>/review/part/", parts.part, name="part"),
    path("gallery/<slug:code>/review/change/", reopening.change, name="change"),
    path("gallery/<slug:code>/review/change/slots/<int:slot>/", arranging.slot, name="change-slot"),
    path("gallery/<slug:code>/review/change/withdrawal/", reopening.withdraw, name="change-withdrawal"),
    path("gallery/<slug:code>/review/change/answer/", reopening.answer, name="change-answer"),
    path("gallery/<slug:code>/review/slots/<int:slot>/", placing.slot, name="slot"),
    path("gallery/<slug:code>/swaps/", views.swap, name="swaps"),
    path("gallery/<slug:code>/review/returns/", placing.take_back, name="take-back"),
    path("gallery/<slug:code>/review/originals/", placing.originals, name="originals"),
    path("gallery/<slug:code>/review/suggestions/", placing.suggestions, name="suggestions"),
]
