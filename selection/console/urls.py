"""`/console/galleries/…`"""

from django.urls import path, re_path

from selection.console import amending, culling, people, sitting, slots, verbs, views
from selection.console.album import verbs as album
from selection.console.album import views as album_views
from selection.console.delivery import clips
from selection.console.delivery import views as delivery
from selection.console.retouch import files
from selection.console.retouch import verbs as retouch
from selection.console.retouch import views as retouch_views
from selection.console.rights import verbs as rights
from selection.console.rights import views as rights_views
from selection.console.rights import works

app_name = "selection"
urlpatterns = [
    path("", views.galleries, name="list"),
    path("orders/<str:code>/", views.order_panel, name="order-panel"),
    path("orders/<str:code>/gallery/", verbs.create, name="create"),
    path("retouch/", retouch_views.work, name="retouch-list"),
    path("albums/", album_views.work, name="album-list"),
    path("library/", rights_views.samples, name="library"),
    path("library/works/", works.add, name="own-works"),
    path("library/releases/<int:release>/end/", works.end, name="release-end"),
    path("library/<slug:sample>/", rights_views.sample, name="sample"),
    path("library/<slug:sample>/tags/", rights.tag, name="sample-tags"),
    path("library/<slug:sample>/removal/", rights.remove, name="sample-removal"),
    path("<slug:code>/", views.gallery, name="gallery"),
    path("<slug:code>/rights/", rights_views.rights, name="rights"),
    path("<slug:code>/rights/samples/", rights.add, name="rights-samples"),
    path("<slug:code>/rights/note/", rights.note, name="rights-note"),
    path("<slug:code>/live/", views.live, name="live"),
    path("<slug:code>/publication/", verbs.publish, name="publish"),
    path("<slug:code>/withdrawal/", verbs.withdraw, name="withdraw"),
    path("<slug:code>/unlocking/", verbs.unlock, name="unlock"),
    path("<slug:code>/people/", people.people, name="people"),
    path("<slug:code>/people/guests/", people.guests, name="guests"),
    path("<slug:code>/people/default/", people.default, name="sharing-default"),
    path("<slug:code>/people/<int:seat>/", people.person, name="person"),
    path("<slug:code>/people/<int:seat>/pin/", people.pin, name="person-pin"),
    path("<slug:code>/people/<int:seat>/card/", people.card, name="pin-card"),
    path("<slug:code>/reopening/", amending.request_page, name="reopening"),
    path("<slug:code>/reopening/approval/", amending.approve, name="reopening-approve"),
    path("<slug:code>/reopening/refusal/", amending.decline, name="reopening-decline"),
    path("<slug:code>/reopening/offer/", amending.offer, name="reopening-offer"),
    path("<slug:code>/parts/<int:part>/reopening/", amending.reopen_part, name="part-reopen"),
    path("<slug:code>/culling/", culling.cull, name="cull"),
    path("<slug:code>/selection-desk/", sitting.selection_desk, name="selection-desk"),
    path("<slug:code>/selection-desk/bill/", sitting.bill, name="selection-desk-bill"),
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
    path("<slug:code>/retouch/", retouch_views.desk, name="retouch"),
    path("<slug:code>/retouch/live/", retouch_views.live, name="retouch-live"),
    path("<slug:code>/retouch/start/", retouch.start, name="retouch-start"),
    path("<slug:code>/retouch/assignment/", retouch.assign, name="retouch-assign"),
    path("<slug:code>/retouch/stop/", retouch.stop, name="retouch-stop"),
    path("<slug:code>/retouch/rounds/", retouch.send, name="retouch-send"),
    path("<slug:code>/retouch/grant/", retouch.grant, name="retouch-grant"),
    path("<slug:code>/retouch/<int:number>/", retouch_views.photo, name="retouch-photo"),
    path("<slug:code>/finals/<int:number>/place/", retouch.place, name="final-place"),
    path("<slug:code>/finals/<int:number>/discard/", retouch.discard, name="final-discard"),
    path("<slug:code>/albums/", album_views.albums, name="albums"),
    path("<slug:code>/albums/start/", album.start, name="album-start"),
    path("<slug:code>/albums/<int:album>/", album_views.desk, name="album"),
    path("<slug:code>/albums/<int:album>/live/", album_views.live, name="album-live"),
    path("<slug:code>/albums/<int:album>/evidence/", album_views.evidence, name="album-evidence"),
    path("<slug:code>/albums/<int:album>/assignment/", album.assign, name="album-assign"),
    path("<slug:code>/albums/<int:album>/stop/", album.stop, name="album-stop"),
    path("<slug:code>/albums/<int:album>/drafts/", album.send, name="album-send"),
    path("<slug:code>/albums/<int:album>/waiver/", album.waive, name="album-waive"),
    path("<slug:code>/albums/<int:album>/comments/<int:comment>/settlement/", album.settle, name="album-settle"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/", album_views.spread, name="album-spread"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/place/", album.place, name="spread-place"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/removal/", album.remove, name="spread-remove"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/restoration/", album.restore, name="spread-restore"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/discard/", album.discard, name="spread-discard"),
    path("<slug:code>/albums/<int:album>/spreads/<int:number>/remark/", album.remark, name="spread-remark"),
    path("<slug:code>/delivery/", delivery.desk, name="delivery"),
    path("<slug:code>/delivery/live/", delivery.live, name="delivery-live"),
    path("<slug:code>/delivery/handover/", delivery.deliver, name="deliver"),
    path("<slug:code>/delivery/access/", delivery.extend, name="delivery-extend"),
    path("<slug:code>/delivery/grants/", delivery.grant, name="delivery-grant"),
    path("<slug:code>/delivery/archive/", delivery.archive, name="delivery-archive"),
    path("<slug:code>/delivery/revival/", delivery.revive, name="delivery-revive"),
    path("<slug:code>/story/", delivery.story, name="story"),
    path("<slug:code>/story/clip/", clips.card, name="story-clip"),
    path("<slug:code>/story/clip/removal/", clips.remove, name="story-clip-removal"),
    path("<slug:code>/story/clip/restoration/", clips.restore, name="story-clip-restoration"),
    re_path(r"^(?P<code>[a-z0-9]{4,16})/picked\.(?P<kind>csv|txt)$", verbs.picked, name="picked"),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/parts/(?P<part>[0-9]{1,3})/"
        r"(?P<name>table\.csv|names\.txt|numbers\.txt|sidecars\.zip)$",
        amending.handed_over,
        name="part-handover",
    ),
    re_path(
        r"^(?P<code>[a-z0-9]{4,16})/handover/(?P<name>table\.csv|names\.txt|numbers\.txt|sidecars\.zip)$",
        files.handed_over,
        name="handover",
    ),
]
