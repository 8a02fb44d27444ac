"""`/orders/<code>/bill/…` and `/payments/<reference>/`, included without a namespace of its own."""

from django.urls import path, re_path

from portal.money import views
from portal.money.value import value

urlpatterns = [
    path("me/value/", value, name="value"),
    path("orders/<slug:code>/bill/", views.bill, name="bill"),
    path("orders/<slug:code>/bill/payment/", views.pay, name="pay"),
    path("orders/<slug:code>/bill/claim/", views.claim, name="pay-claim"),
    path("orders/<slug:code>/bill/invoice/", views.invoice, name="ask-invoice"),
    path("orders/<slug:code>/bill/receipts/<slug:receipt>/", views.receipt, name="receipt"),
    re_path(r"^payments/(?P<reference>[A-Za-z0-9_-]{6,32})/$", views.payment, name="payment"),
]
