"""The staff's uploader: sign a batch, confirm a batch. The bytes go straight to storage."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from core.people.enums import Capability
from selection.album.intake import for_album
from selection.album.models import AlbumProof
from selection.api.base import StaffView
from selection.api.serializers import CompleteIn, SignIn, SpreadsIn
from selection.delivery.clips import CLIPS
from selection.processing import ORIGINALS
from selection.retouch.intake import FINALS
from selection.services import complete_uploads, sign_uploads
from tenants.access import declare


@declare("staff", Capability.UPLOAD_PHOTOS)
class UploadsSign(StaffView):
    capability = Capability.UPLOAD_PHOTOS
    intake = ORIGINALS

    def post(self, request: Request, code: str) -> Response:
        """{files:[{name, size, md5 (hex)}], replaces?} → {files:[{name, status: send|there|refused, photo…}]}"""
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        answers = sign_uploads(
            actor=request.user,
            gallery=self.gallery(code),
            files=given.announced(),
            replaces=given.validated_data["replaces"],
            intake=self.intake,
        )
        return Response({"files": [answer.as_json() for answer in answers]})


@declare("staff", Capability.UPLOAD_PHOTOS)
class UploadsComplete(StaffView):
    capability = Capability.UPLOAD_PHOTOS
    intake = ORIGINALS

    def post(self, request: Request, code: str) -> Response:
        """{photos:[number]} → {photos:[{photo, status: received|there|missing|refused, code}]}."""
        given = CompleteIn(data=request.data)
        given.is_valid(raise_exception=True)
        numbers = given.validated_data["photos"]
        gallery = self.gallery(code)
        answers = complete_uploads(actor=request.user, gallery=gallery, numbers=numbers, intake=self.intake)
        return Response({"photos": [answer.as_json() for answer in answers]})


@declare("staff", Capability.RETOUCH)
class FinalsSign(UploadsSign):
    """The same door for retouched files."""

    capability = Capability.RETOUCH
    intake = FINALS


@declare("staff", Capability.RETOUCH)
class FinalsComplete(UploadsComplete):
    capability = Capability.RETOUCH
    intake = FINALS


@declare("staff", Capability.DELIVER)
class ClipsSign(UploadsSign):
    """The same door for a story's clip."""

    capability = Capability.DELIVER
    intake = CLIPS


@declare("staff", Capability.DELIVER)
class ClipsComplete(UploadsComplete):
    capability = Capability.DELIVER
    intake = CLIPS


@declare("staff", Capability.DESIGN_ALBUMS)
class SpreadsSign(StaffView):
    """The same door for spreads of an album."""

    capability = Capability.DESIGN_ALBUMS

    def post(self, request: Request, code: str, album: int) -> Response:
        """{files:[…], line?} → as UploadsSign; `line`: the spread whose new picture the one file is."""
        given = SpreadsIn(data=request.data)
        given.is_valid(raise_exception=True)
        gallery = self.gallery(code)
        found = get_object_or_404(AlbumProof, gallery=gallery, number=album)
        door = for_album(found, given.validated_data["line"])
        answers = sign_uploads(actor=request.user, gallery=gallery, files=given.announced(), intake=door)
        return Response({"files": [answer.as_json() for answer in answers]})


@declare("staff", Capability.DESIGN_ALBUMS)
class SpreadsComplete(StaffView):
    """As UploadsComplete."""

    capability = Capability.DESIGN_ALBUMS

    def post(self, request: Request, code: str, album: int) -> Response:
        given = CompleteIn(data=request.data)
        given.is_valid(raise_exception=True)
        gallery = self.gallery(code)
        found = get_object_or_404(AlbumProof, gallery=gallery, number=album)
        numbers, door = given.validated_data["photos"], for_album(found)
        answers = complete_uploads(actor=request.user, gallery=gallery, numbers=numbers, intake=door)
        return Response({"photos": [answer.as_json() for answer in answers]})
