"""`/api/galleries/<code>/…`"""

from django.urls import path

from selection.api import culling, uploads, views

app_name = "selection-api"
urlpatterns = [
    path("<slug:code>/manifest/", views.Manifest.as_view(), name="manifest"),
    path("<slug:code>/picks/", views.Picks.as_view(), name="picks"),
    path("<slug:code>/placements/", views.Placements.as_view(), name="placements"),
    path("<slug:code>/photos/<int:number>/note/", views.Note.as_view(), name="note"),
    path("<slug:code>/suggestions/", views.Suggestions.as_view(), name="suggestions"),
    path("<slug:code>/submission/", views.Submit.as_view(), name="submit"),
    path("<slug:code>/uploads/", uploads.UploadsSign.as_view(), name="uploads-sign"),
    path("<slug:code>/uploads/completed/", uploads.UploadsComplete.as_view(), name="uploads-complete"),
    path("<slug:code>/culling/", culling.Sheet.as_view(), name="cull-sheet"),
    path("<slug:code>/culling/marks/", culling.Marks.as_view(), name="cull-marks"),
    path("<slug:code>/culling/look/", culling.LookOf.as_view(), name="cull-look"),
    path("<slug:code>/culling/stack/", culling.Stack.as_view(), name="cull-stack"),
    path("<slug:code>/culling/stacks/", culling.Stacks.as_view(), name="cull-stacks"),
    path("<slug:code>/culling/cover/", culling.Cover.as_view(), name="cull-cover"),
    path("<slug:code>/finals/", uploads.FinalsSign.as_view(), name="finals-sign"),
    path("<slug:code>/finals/completed/", uploads.FinalsComplete.as_view(), name="finals-complete"),
]
