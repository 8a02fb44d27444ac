"""The studio's own subscription."""

from django.urls import path

from core.console.subscription import verbs, views

app_name = "subscription"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("use/", views.use, name="use"),
    path("plans/", views.plans, name="plans"),
    path("plans/<slug:code>/<slug:interval>/", views.choose, name="choose"),
    path("lapsed/", views.lapsed, name="lapsed"),
    path("back/", verbs.back, name="back"),
    path("reading/", verbs.read, name="reading"),
    path("portal/", verbs.portal, name="portal"),
    path("cancellation/", verbs.cancellation, name="cancellation"),
]
