"""`/orders/<code>/bill/…` and `/payments/<reference>/`, included without a namespace of its own."""

from django.urls import path, re_path

from portal.money import spending, topups, views, wechat
from portal.money.value import value

urlpatterns = [
    path("me/value/", value, name="value"),
    path("me/value/top-ups/", topups.new, name="top-up-new"),
    path("me/value/top-ups/<slug:code>/", topups.top_up, name="top-up"),
    path("me/value/top-ups/<slug:code>/end/", topups.give_up, name="top-up-end"),
    path("me/value/top-ups/<slug:code>/receipt/", topups.receipt, name="top-up-receipt"),
    path("orders/<slug:code>/bill/value/", spending.spend, name="spend"),
    path("orders/<slug:code>/bill/value/code/", spending.send_code, name="spend-code"),
    path("orders/<slug:code>/bill/", views.bill, name="bill"),
    path("orders/<slug:code>/bill/payment/", views.pay, name="pay"),
    path("orders/<slug:code>/bill/claim/", views.claim, name="pay-claim"),
    path("orders/<slug:code>/bill/invoice/", views.invoice, name="ask-invoice"),
    path("orders/<slug:code>/bill/receipts/<slug:receipt>/", views.receipt, name="receipt"),
    path("wechat/ask/", wechat.ask, name="wechat-ask"),
    path("wechat/back/", wechat.back, name="wechat-back"),
    path("wechat/qr/", wechat.by_qr, name="wechat-qr"),
    re_path(r"^payments/(?P<reference>[A-Za-z0-9_-]{6,32})/$", views.payment, name="payment"),
]
