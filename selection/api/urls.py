"""`/api/galleries/<code>/…`"""

from django.urls import path

from selection.api import culling, delivery, sitting, uploads, verdicts, views

app_name = "selection-api"
urlpatterns = [
    path("<slug:code>/manifest/", views.Manifest.as_view(), name="manifest"),
    path("<slug:code>/picks/", views.Picks.as_view(), name="picks"),
    path("<slug:code>/placements/", views.Placements.as_view(), name="placements"),
    path("<slug:code>/photos/<int:number>/note/", views.Note.as_view(), name="note"),
    path("<slug:code>/suggestions/", views.Suggestions.as_view(), name="suggestions"),
    path("<slug:code>/submission/", views.Submit.as_view(), name="submit"),
    path("<slug:code>/delivery/", delivery.Delivered.as_view(), name="delivery"),
    path("<slug:code>/uploads/", uploads.UploadsSign.as_view(), name="uploads-sign"),
    path("<slug:code>/uploads/completed/", uploads.UploadsComplete.as_view(), name="uploads-complete"),
    path("<slug:code>/culling/", culling.Sheet.as_view(), name="cull-sheet"),
    path("<slug:code>/culling/marks/", culling.Marks.as_view(), name="cull-marks"),
    path("<slug:code>/culling/look/", culling.LookOf.as_view(), name="cull-look"),
    path("<slug:code>/culling/stack/", culling.Stack.as_view(), name="cull-stack"),
    path("<slug:code>/culling/stacks/", culling.Stacks.as_view(), name="cull-stacks"),
    path("<slug:code>/culling/cover/", culling.Cover.as_view(), name="cull-cover"),
    path("<slug:code>/desk/", sitting.DeskSheet.as_view(), name="desk-sheet"),
    path("<slug:code>/desk/sitting/", sitting.DeskSitting.as_view(), name="desk-sitting"),
    path("<slug:code>/desk/shown/", sitting.DeskShown.as_view(), name="desk-shown"),
    path("<slug:code>/desk/suggestion/", sitting.DeskSuggestion.as_view(), name="desk-suggestion"),
    path("<slug:code>/sitting/", sitting.Sitting.as_view(), name="sitting"),
    path("<slug:code>/sitting/phone/", sitting.SittingPhone.as_view(), name="sitting-phone"),
    path("<slug:code>/verdicts/", verdicts.Verdicts.as_view(), name="verdicts"),
    path("<slug:code>/finals/", uploads.FinalsSign.as_view(), name="finals-sign"),
    path("<slug:code>/finals/completed/", uploads.FinalsComplete.as_view(), name="finals-complete"),
    path("<slug:code>/clips/", uploads.ClipsSign.as_view(), name="clips-sign"),
    path("<slug:code>/clips/completed/", uploads.ClipsComplete.as_view(), name="clips-complete"),
    path("<slug:code>/albums/<int:album>/spreads/", uploads.SpreadsSign.as_view(), name="spreads-sign"),
    path("<slug:code>/clips/", uploads.ClipsSign.as_view(), name="clips-sign"),
    path("<slug:code>/clips/completed/", uploads.ClipsComplete.as_view(), name="clips-complete"),
    path(
        "<slug:code>/albums/<int:album>/spreads/completed/",
        uploads.SpreadsComplete.as_view(),
        name="spreads-complete",
    ),
]
