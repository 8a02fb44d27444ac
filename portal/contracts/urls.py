"""`/contracts/<code>/…` for those who sign, `/proof/…` for everybody; included without a namespace of its own."""

from django.urls import path

from portal.contracts import proof, views

urlpatterns = [
    path("contracts/<slug:code>/", views.contract, name="contract"),
    path("contracts/<slug:code>/code/", views.send_code, name="contract-code"),
    path("contracts/<slug:code>/signature/", views.sign, name="contract-sign"),
    path("contracts/<slug:code>/refusal/", views.decline, name="contract-decline"),
    path("contracts/<slug:code>/document.pdf", views.document, name="contract-document"),
    path("contracts/<slug:code>/final.pdf", views.final, name="contract-final"),
    path("proof/", proof.examine, name="proofs"),
    path("proof/<slug:code>/", proof.contract, name="proof"),
]
