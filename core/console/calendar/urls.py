"""URLs of the calendar."""

from django.urls import path

from core.console.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("timeline/", views.timeline, name="timeline"),
    path("new/", views.new, name="new"),
    path("undated/", views.undated, name="undated"),
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/new/", views.new_waiting, name="waiting-new"),
    path("waiting/<int:pk>/closing/", views.close_waiting, name="waiting-close"),
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.edit_resource, name="resource-new"),
    path("resources/<int:pk>/", views.edit_resource, name="resource"),
    path("resources/<int:pk>/feed/", views.feed_address, name="feed"),
    path("shifts/", views.shifts, name="shifts"),
    path("shifts/copy/", views.copy_shifts, name="shifts-copy"),
    path("leave/", views.leave, name="leave"),
    path("leave/<int:pk>/ending/", views.end_leave, name="leave-end"),
    path("hours/", views.hours, name="hours"),
    path("hours/rules/", views.rules, name="rules"),
    path("hours/holidays/", views.add_holiday, name="holiday-new"),
    path("hours/holidays/<int:pk>/striking/", views.strike_holiday, name="holiday-strike"),
    path("dates/<slug:code>/", views.appointment, name="appointment"),
    path("dates/<slug:code>/time/", views.move, name="move"),
    path("dates/<slug:code>/details/", views.note, name="note"),
    path("dates/<slug:code>/confirmation/", views.confirm, name="confirm"),
    path("dates/<slug:code>/release/", views.release, name="release"),
    path("dates/<slug:code>/cancellation/", views.cancel, name="cancel"),
    path("dates/<slug:code>/completion/", views.finish, name="finish"),
    path("dates/<slug:code>/reopening/", views.reopen, name="reopen"),
    path("dates/<slug:code>/loans/<int:pk>/", views.answer_loan, name="loan"),
]
