"""`/console/contracts/…`"""

from django.urls import path

from core.console.contracts import verbs, views, wording

app_name = "contracts"
urlpatterns = [
    path("", views.listing, name="list"),
    path("orders/<str:code>/", views.order_panel, name="order-panel"),
    path("orders/<str:code>/contract/", verbs.compose, name="compose"),
    path("wording/", wording.overview, name="wording"),
    path("wording/standard/", wording.furnish, name="furnish"),
    path("wording/settings/", wording.settings, name="settings"),
    path("wording/clauses/new/", wording.clause, name="clause-new"),
    path("wording/clauses/<int:pk>/", wording.clause, name="clause"),
    path("wording/templates/new/", wording.template, name="template-new"),
    path("wording/templates/<int:pk>/", wording.template, name="template"),
    path("wording/templates/<int:pk>/moving-terms/", wording.add_moving, name="add-moving"),
    path("wording/templates/<int:pk>/preview/", wording.preview, name="preview"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/document.pdf", views.document, name="document"),
    path("<slug:code>/final.pdf", views.final, name="final"),
    path("<slug:code>/sending/", verbs.send, name="send"),
    path("<slug:code>/withdrawal/", verbs.withdraw, name="withdraw"),
    path("<slug:code>/countersignature/", verbs.countersign, name="countersign"),
    path("<slug:code>/annex/", verbs.annex, name="annex"),
]
