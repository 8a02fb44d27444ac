"""`/api/galleries/<code>/…`"""

from django.urls import path

from selection.api import uploads, views

app_name = "selection-api"
urlpatterns = [
    path("<slug:code>/manifest/", views.Manifest.as_view(), name="manifest"),
    path("<slug:code>/picks/", views.Picks.as_view(), name="picks"),
    path("<slug:code>/placements/", views.Placements.as_view(), name="placements"),
    path("<slug:code>/photos/<int:number>/note/", views.Note.as_view(), name="note"),
    path("<slug:code>/submission/", views.Submit.as_view(), name="submit"),
    path("<slug:code>/uploads/", uploads.UploadsSign.as_view(), name="uploads-sign"),
    path("<slug:code>/uploads/completed/", uploads.UploadsComplete.as_view(), name="uploads-complete"),
]
