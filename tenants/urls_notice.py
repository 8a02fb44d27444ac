"""No URLs: the page says that nothing is here."""

urlpatterns: list[object] = []
