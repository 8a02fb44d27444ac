"""The staff's cull page: the whole gallery in one answer, marks and stacks back in small batches."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.people.enums import Capability
from selection.api.base import StaffView
from selection.culling import services
from selection.culling.enums import DISTANCE_RANGE, GAP_RANGE, MAX_MARKS, MAX_STARS, Flag
from selection.culling.selectors import cull_sheet, preview_stacks, stacks_now
from tenants.access import declare

culling = declare("staff", Capability.UPLOAD_PHOTOS)
STACK_VERBS = {"join": services.join_stack, "split": services.split_stack, "release": services.release_stacks}


class MarkIn(serializers.Serializer):
    photo = serializers.IntegerField(min_value=1, max_value=10**6)
    flag = serializers.ChoiceField(["", *Flag.values], required=False, allow_null=True)
    stars = serializers.IntegerField(min_value=0, max_value=MAX_STARS, required=False, allow_null=True)
    recommended = serializers.BooleanField(required=False, allow_null=True, default=None)


class MarksIn(serializers.Serializer):
    marks = MarkIn(many=True, allow_empty=False, max_length=MAX_MARKS)

    def read(self) -> list[services.Mark]:
        rows: list[dict[str, Any]] = self.validated_data["marks"]
        return [services.Mark(row["photo"], row.get("flag"), row.get("stars"), row.get("recommended")) for row in rows]


class NumbersIn(serializers.Serializer):
    photos = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MAX_MARKS)


class LookIn(NumbersIn):
    look = serializers.IntegerField(min_value=1, allow_null=True)


class StackIn(NumbersIn):
    """`put` undoes: `stacks` names the stack of each photograph, 0 for none."""

    act = serializers.ChoiceField(["put", *STACK_VERBS])
    stacks = serializers.ListField(child=serializers.IntegerField(min_value=0), required=False, max_length=MAX_MARKS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["act"] == "put" and len(attrs.get("stacks", [])) != len(attrs["photos"]):
            raise serializers.ValidationError({"stacks": "one for each photograph"})
        return attrs


class ThresholdsIn(serializers.Serializer):
    gap = serializers.IntegerField(min_value=GAP_RANGE[0], max_value=GAP_RANGE[1])
    distance = serializers.IntegerField(min_value=DISTANCE_RANGE[0], max_value=DISTANCE_RANGE[1])


class CoverIn(serializers.Serializer):
    photo = serializers.IntegerField(min_value=1, allow_null=True)


class CullView(StaffView):
    """A view of somebody who may change the gallery's photographs. Find the gallery first: strangers learn nothing."""

    capability = Capability.UPLOAD_PHOTOS

    def given(self, shape: type[Any], data: Any = None) -> Any:
        read = shape(data=self.request.data if data is None else data)
        read.is_valid(raise_exception=True)
        return read


@culling
class Sheet(CullView):
    def get(self, request: Request, code: str) -> Response:
        """Every photograph in columns (`selection.culling.selectors.cull_sheet`)."""
        return Response(cull_sheet(self.gallery(code)))


@culling
class Marks(CullView):
    def post(self, request: Request, code: str) -> Response:
        """{marks:[{photo, flag?, stars?, recommended?}]} → {rev, saved:[n], refused:[{photo, why, flag}]}."""
        gallery = self.gallery(code)
        done = services.set_marks(actor=request.user, gallery=gallery, marks=self.given(MarksIn).read())
        refused = [{"photo": each.number, "why": each.why, "flag": each.flag} for each in done.refused]
        return Response({"rev": done.rev, "saved": done.saved, "refused": refused})


@culling
class LookOf(CullView):
    def post(self, request: Request, code: str) -> Response:
        """{photos:[n], look: key | null} → {assigned}."""
        gallery = self.gallery(code)
        read = self.given(LookIn).validated_data
        count = services.assign_look(actor=request.user, gallery=gallery, numbers=read["photos"], look=read["look"])
        return Response({"assigned": count})


@culling
class Stack(CullView):
    def post(self, request: Request, code: str) -> Response:
        """{photos:[n], act: join | split | release | put, stacks?} → {stack:{n: name}, best:[n]}, gallery-wide."""
        gallery = self.gallery(code)
        read = self.given(StackIn).validated_data
        if read["act"] == "put":
            names = {n: name or None for n, name in zip(read["photos"], read["stacks"], strict=True)}
            services.put_stacks(actor=request.user, gallery=gallery, names=names)
        else:
            STACK_VERBS[read["act"]](actor=request.user, gallery=gallery, numbers=read["photos"])
        return Response(stacks_now(gallery))


@culling
class Stacks(CullView):
    def get(self, request: Request, code: str) -> Response:
        """?gap=&distance= → {stacks, photos, largest}: what building would give."""
        gallery = self.gallery(code)
        read = self.given(ThresholdsIn, request.query_params).validated_data
        return Response(asdict(preview_stacks(gallery, read["gap"], read["distance"])))

    def post(self, request: Request, code: str) -> Response:
        """{gap, distance} → {stacks}: build them; the staff's own are kept."""
        gallery = self.gallery(code)
        read = self.given(ThresholdsIn).validated_data
        return Response({"stacks": services.build_stacks(actor=request.user, gallery=gallery, **read)})


@culling
class Cover(CullView):
    def post(self, request: Request, code: str) -> Response:
        """{photo: number | null} → {photo}."""
        gallery = self.gallery(code)
        number = self.given(CoverIn).validated_data["photo"]
        services.set_cover(actor=request.user, gallery=gallery, number=number)
        return Response({"photo": number})
