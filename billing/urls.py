"""Addresses that providers notify, below `/hooks/` of the platform's host."""

from django.urls import path

from billing import hooks

app_name = "hooks"
urlpatterns = [
    path("stripe/connect", hooks.stripe_connect, name="stripe-connect"),
    path("stripe", hooks.stripe, name="stripe"),
    path("status", hooks.billing_status, name="billing-status"),
    path("wechat-back/<slug:slug>/", hooks.wechat_back, name="wechat-back"),
    path("wechat/<slug:key>/", hooks.wechat, name="wechat"),
    path("alipay/<slug:key>/", hooks.alipay, name="alipay"),
]
