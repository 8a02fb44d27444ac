"""URLs of the pay routes."""

from django.urls import path

from core.console.merchant import views

app_name = "merchant"
urlpatterns = [
    path("", views.listing, name="list"),
    path("stripe/account/", views.stripe_account, name="stripe-account"),
    path("stripe/link/", views.stripe_link, name="stripe-link"),
    path("stripe/back/", views.stripe_back, name="stripe-back"),
    path("<slug:route>/keys/", views.keys, name="keys"),
    path("<slug:route>/check/", views.check, name="check"),
    path("<slug:route>/offer/", views.offer, name="offer"),
    path("<slug:route>/forgotten/", views.forget, name="forget"),
]
