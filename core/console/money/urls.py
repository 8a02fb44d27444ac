"""URLs of money."""

from django.urls import path

from core.console.money import views

app_name = "money"
urlpatterns = [
    path("", views.checking, name="checking"),
    path("arrears/", views.arrears, name="arrears"),
    path("forecast/", views.forecast, name="forecast"),
    path("day/", views.day, name="day"),
    path("orders/<slug:code>/", views.panel, name="panel"),
    path("orders/<slug:code>/payments/", views.take, name="take"),
    path("orders/<slug:code>/charges/", views.add_charge, name="charge"),
    path("orders/<slug:code>/discounts/", views.discount, name="discount"),
    path("orders/<slug:code>/refunds/", views.give_back, name="refund"),
    path("orders/<slug:code>/reminder/", views.remind, name="remind"),
    path("orders/<slug:code>/invoices/", views.new_invoice, name="invoice-new"),
    path("orders/<slug:code>/receipts/<slug:receipt>/", views.receipt, name="receipt"),
    path("payments/<int:payment>/audit/", views.audit, name="audit"),
    path("payments/<int:payment>/correction/", views.correct, name="correct"),
    path("refunds/<int:refund>/payout/", views.pay_out, name="pay-out"),
    path("refunds/<int:refund>/audit/", views.audit_refund, name="refund-audit"),
    path("claims/<int:claim>/", views.claim, name="claim"),
    path("invoices/<int:invoice>/number/", views.issue, name="invoice-issue"),
    path("invoices/<int:invoice>/cancellation/", views.cancel_invoice, name="invoice-cancel"),
]
