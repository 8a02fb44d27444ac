"""Packages, price rules, coupons."""

from django.urls import path

from core.console.packages import views

app_name = "packages"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.edit, name="new"),
    path("preview/", views.preview, name="preview"),
    path("standard/", views.standard, name="standard"),
    path("prices/", views.rule_list, name="prices"),
    path("prices/new/", views.rule_edit, name="price-new"),
    path("prices/<int:pk>/", views.rule_edit, name="price-edit"),
    path("prices/<int:pk>/force/", views.rule_force, name="price-force"),
    path("prices/<int:pk>/end/", views.rule_end, name="price-end"),
    path("coupons/", views.coupon_list, name="coupons"),
    path("coupons/new/", views.coupon_edit, name="coupon-new"),
    path("coupons/<int:pk>/", views.coupon_edit, name="coupon-edit"),
    path("coupons/<int:pk>/force/", views.coupon_force, name="coupon-force"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/offer/", views.offer, name="offer"),
    path("<int:pk>/publication/", views.publication, name="publication"),
]
