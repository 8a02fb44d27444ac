"""The platform host."""

from django.urls import path

from tenants import views

app_name = "platform"
urlpatterns = [path("", views.home, name="home")]
