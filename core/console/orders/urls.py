"""URLs of orders."""

from django.urls import path

from core.console.orders import views

app_name = "orders"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("new/customer/", views.known, name="known"),
    path("new/price/", views.priced, name="priced"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/live/", views.live, name="live"),
    path("<slug:code>/sheet/", views.sheet, name="sheet"),
    path("<slug:code>/stage/", views.move, name="move"),
    path("<slug:code>/stages/<slug:stage>/duty/", views.duty, name="duty"),
    path("<slug:code>/stages/<slug:stage>/info/", views.info, name="info"),
    path("<slug:code>/details/", views.change, name="change"),
    path("<slug:code>/issues/", views.raise_issue, name="issue-new"),
    path("<slug:code>/issues/<int:issue>/resolution/", views.close_issue, name="issue-end"),
    path("<slug:code>/cancellation/", views.cancel, name="cancel"),
    path("<slug:code>/completion/", views.finish, name="finish"),
]
