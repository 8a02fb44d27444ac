"""URLs of the board."""

from django.urls import path

from core.console.board import views

urlpatterns = [
    path("", views.board, name="board"),
    path("cards/", views.cards, name="board-card"),
    path("revs/", views.revs, name="board-revs"),
    path("<slug:stage>/", views.column, name="board-column"),
]
