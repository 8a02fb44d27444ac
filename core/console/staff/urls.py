"""Staff."""

from django.urls import path

from core.console.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/password/", views.password, name="password"),
    path("<int:pk>/access/", views.access, name="access"),
]
