"""`/console/galleries/…`"""

from django.urls import path, re_path

from selection.console import culling, slots, verbs, views

app_name = "selection"
urlpatterns = [
    path("", views.galleries, name="list"),
    path("orders/<str:code>/", views.order_panel, name="order-panel"),
    path("orders/<str:code>/gallery/", verbs.create, name="create"),
    path("<slug:code>/", views.gallery, name="gallery"),
    path("<slug:code>/live/", views.live, name="live"),
    path("<slug:code>/publication/", verbs.publish, name="publish"),
    path("<slug:code>/withdrawal/", verbs.withdraw, name="withdraw"),
    path("<slug:code>/unlocking/", verbs.unlock, name="unlock"),
    path("<slug:code>/culling/", culling.cull, name="cull"),
    path("<slug:code>/arrangement/", culling.arrange, name="arrange"),
    path("<slug:code>/arrangement/order/", culling.order, name="order"),
    path("<slug:code>/looks/", culling.look_new, name="look-new"),
    path("<slug:code>/looks/suggestion/", culling.looks_suggest, name="looks-suggest"),
    path("<slug:code>/looks/order/", culling.looks_order, name="looks-order"),
    path("<slug:code>/looks/<int:look>/", culling.look, name="look"),
    path("<slug:code>/stacks/", culling.stacks, name="stacks"),
    path("<slug:code>/photos/<int:number>/", views.photo, name="photo"),
    path("<slug:code>/prices/", slots.lower, name="prices"),
    path("<slug:code>/photos/<int:number>/suggestion/", slots.suggest, name="suggest"),
    path("<slug:code>/photos/<int:number>/removal/", verbs.remove, name="remove"),
    path("<slug:code>/photos/<int:number>/restoration/", verbs.restore, name="restore"),
    path("<slug:code>/photos/<int:number>/original/", verbs.original, name="original"),
    re_path(r"^(?P<code>[a-z0-9]{4,16})/picked\.(?P<kind>csv|txt)$", verbs.picked, name="picked"),
]
