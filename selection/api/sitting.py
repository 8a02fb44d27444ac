"""The selection desk and the phone beside it. What the desk can say: look here, and: we suggest this one."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.people.enums import Capability
from selection.api.base import CustomerView, StaffView
from selection.services import suggest_photo, withdraw_suggestion
from selection.sitting.models import MOST_SHOWN
from selection.sitting.selectors import desk_sheet, seat_at_desk, sitting_for_phone
from selection.sitting.services import announce_phone, end_sitting, show_photos, start_sitting
from tenants.access import declare

leading = declare("staff", Capability.LEAD_SELECTION)
customer = declare("customer")


class SittingIn(serializers.Serializer):
    on = serializers.BooleanField()


class ShownIn(serializers.Serializer):
    photos = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**6), allow_empty=True, max_length=MOST_SHOWN
    )


class SuggestedIn(serializers.Serializer):
    photo = serializers.IntegerField(min_value=1, max_value=10**6)
    slot = serializers.IntegerField(min_value=0, max_value=99)
    on = serializers.BooleanField()


class PhoneIn(serializers.Serializer):
    here = serializers.BooleanField(default=True)
    follows = serializers.BooleanField(default=False)


class DeskView(StaffView):
    """A view of somebody who leads a selection. Find the gallery first: strangers learn nothing."""

    capability = Capability.LEAD_SELECTION


@leading
class DeskSheet(DeskView):
    def get(self, request: Request, code: str) -> Response:
        """?seat= → the large screen's columns (`selection.sitting.selectors.desk_sheet`)."""
        gallery = self.gallery(code)
        asked = request.query_params.get("seat", "")
        seat = seat_at_desk(gallery, int(asked) if asked.isdecimal() and len(asked) < 18 else None)
        if seat is None:
            raise Http404
        return Response(desk_sheet(gallery, seat))


@leading
class DeskSitting(DeskView):
    def post(self, request: Request, code: str) -> Response:
        """{on} → {on, …}: sit down with the customer, or end it."""
        gallery = self.gallery(code)
        if _read(SittingIn, request)["on"]:
            start_sitting(actor=request.user, gallery=gallery)
        else:
            end_sitting(actor=request.user, gallery=gallery)
        return Response(sitting_for_phone(gallery))


@leading
class DeskShown(DeskView):
    def post(self, request: Request, code: str) -> Response:
        """{photos:[n]} → {on, photos, …}: hold these up to the customer, or none."""
        gallery = self.gallery(code)
        show_photos(actor=request.user, gallery=gallery, numbers=_read(ShownIn, request)["photos"])
        return Response(sitting_for_phone(gallery))


@leading
class DeskSuggestion(DeskView):
    def post(self, request: Request, code: str) -> Response:
        """{photo, slot (0: retouching), on} → {on}: a suggestion, recorded with its maker; the customer may mute it."""
        gallery = self.gallery(code)
        read = _read(SuggestedIn, request)
        photo = gallery.photos.filter(number=read["photo"]).first()
        if photo is None:
            raise Http404
        verb = suggest_photo if read["on"] else withdraw_suggestion
        verb(actor=request.user, photo=photo, slot=read["slot"])
        return Response({"on": read["on"]})


@customer
class Sitting(CustomerView):
    def get(self, request: Request, code: str) -> Response:
        """{on, key, by, photos, shows}: what the adviser holds up now."""
        return Response(sitting_for_phone(self.chooser(code).gallery))


@customer
class SittingPhone(CustomerView):
    def post(self, request: Request, code: str) -> Response:
        """{here, follows}: the phone is on the live page; it says so again every 20 seconds."""
        announce_phone(chooser=self.chooser(code), **_read(PhoneIn, request))
        return Response(status=204)


def _read(shape: type[Any], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
