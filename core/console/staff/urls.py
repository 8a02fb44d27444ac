"""Staff."""

from django.urls import path

from core.console.staff import access, invitations, views

app_name = "staff"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("invitations/", invitations.listing, name="invitations"),
    path("invitations/new/", invitations.new, name="invite"),
    path("invitations/<int:pk>/renewal/", invitations.renewal, name="invitation-renew"),
    path("invitations/<int:pk>/revocation/", invitations.revocation, name="invitation-revoke"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/password/", views.password, name="password"),
    path("<int:pk>/access/", views.access, name="access"),
    path("<int:pk>/second-step/", access.step_reset, name="step-reset"),
    path("<int:pk>/logins/", access.logins_end, name="logins-end"),
]
