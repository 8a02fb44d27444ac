"""URLs of the studio as a whole."""

from django.urls import path

from core.console.studio import branding, views

app_name = "studio"
urlpatterns = [
    path("brand/", branding.page, name="brand"),
    path("brand/name/", branding.name, name="brand-name"),
    path("brand/colour/", branding.colour, name="brand-colour"),
    path("brand/logo/", branding.logo, name="brand-logo"),
    path("brand/place/", branding.place, name="brand-place"),
    path("export/", views.exports, name="export"),
    path("export/<slug:code>/", views.export_state, name="export-state"),
    path("export/<slug:code>/again/", views.export_again, name="export-again"),
    path("export/<slug:code>/download/", views.export_download, name="export-download"),
    path("visits/", views.visits, name="visits"),
    path("visits/<slug:code>/end/", views.end_visit, name="end-visit"),
    path("visits/<slug:code>/writing/", views.visit_writing, name="visit-writing"),
    path("address/", views.address, name="address"),
    path("address/check/", views.check_address, name="check-address"),
    path("address/drop/", views.drop_address, name="drop-address"),
    path("closing/", views.closing_page, name="closing"),
    path("closing/cancel/", views.cancel_closing, name="cancel-closing"),
]
