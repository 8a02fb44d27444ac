"""Wishes, plan, public page and booking; included without a namespace of its own."""

from django.urls import path

from portal.book import mine, moving, person, shop, wishes

urlpatterns = [
    path("book/", shop.branches, name="shops"),
    path("book/draft/<slug:code>/", person.draft, name="book-draft"),
    path("book/draft/<slug:code>/code/", person.code, name="book-code"),
    path("book/<slug:branch>/", shop.shop, name="shop"),
    path("book/<slug:branch>/<int:package>/", shop.dates, name="book-dates"),
    path("book/<slug:branch>/<int:package>/you/", person.person, name="book-person"),
    path("bookings/", mine.bookings, name="bookings"),
    path("bookings/<slug:code>/", mine.booking, name="booking"),
    path("bookings/<slug:code>/calendar.ics", mine.calendar, name="booking-calendar"),
    path("bookings/<slug:code>/date/", moving.booking_date, name="booking-date"),
    path("bookings/<slug:code>/cancellation/", moving.booking_cancel, name="booking-cancel"),
    path("dates/<int:pk>/", mine.proposal, name="proposal"),
    path("orders/<slug:code>/date/", moving.order_date, name="order-date"),
    path("orders/<slug:code>/cancellation/", moving.order_cancel, name="order-cancel"),
    path("orders/<slug:code>/wishes/", wishes.brief, name="brief"),
    path("orders/<slug:code>/plan/", wishes.plan, name="plan"),
    path("orders/<slug:code>/plan/<int:version>/confirmation/", wishes.confirm, name="plan-confirm"),
    path("orders/<slug:code>/plan/<int:version>/return/", wishes.send_back, name="plan-return"),
]
