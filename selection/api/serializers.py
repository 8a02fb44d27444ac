"""What a browser may send. Wrong shapes are 400; what the rules refuse is the verbs' business."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from core.kernel import clock
from selection.enums import PickValue, Wish
from selection.pins import EDGE, MOST, TEXT_LENGTH
from selection.services import Announced, Op, Put

VALUES = {*PickValue.values, "", None}
OLDEST = dt.timedelta(days=60)


class OpsIn(serializers.Field):
    """`[{op, photo, v, at}, …]`, read by hand: of a nested serializer DRF copies every field at every tap."""

    default_error_messages = {"malformed": "Each op needs op, photo, v and at."}
    limits = {"op": (1, 2**53), "photo": (1, 10**6), "at": (0, 2**53)}

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        if not isinstance(data, list) or not data or not all(map(self._is_op, data)):
            self.fail("malformed")
        return data

    def _is_op(self, op: Any) -> bool:
        if not isinstance(op, dict) or "v" not in op or not (op["v"] is None or isinstance(op["v"], str)):
            return False
        return op["v"] in VALUES and all(
            type(op.get(name)) is int and low <= op[name] <= high for name, (low, high) in self.limits.items()
        )


class PicksIn(serializers.Serializer):
    """`at` and `now` are the device's clock in milliseconds: only their difference is believed (phones' clocks lie)."""

    device = serializers.RegexField(r"^[A-Za-z0-9_-]{4,24}$")
    now = serializers.IntegerField(min_value=0, max_value=2**53, required=False)
    ops = OpsIn()

    def taps(self) -> list[Op]:
        """The ops with the time of each tap by our clock."""
        data: dict[str, Any] = self.validated_data
        here, there = clock.now(), data.get("now")
        return [Op(op["op"], op["photo"], op["v"] or "", here - _age(op["at"], there)) for op in data["ops"]]


def _age(at: int, now: int | None) -> dt.timedelta:
    if now is None or at >= now:
        return dt.timedelta()
    return min(dt.timedelta(milliseconds=now - at), OLDEST)


class PutIn(serializers.Serializer):
    op = serializers.IntegerField(min_value=1, max_value=2**53)
    photo = serializers.IntegerField(min_value=1, max_value=10**6)
    slot = serializers.IntegerField(min_value=1, max_value=99)
    v = serializers.BooleanField()
    at = serializers.IntegerField(min_value=0, max_value=2**53)


class PlacementsIn(serializers.Serializer):
    """As PicksIn; `op` comes from the same counter of the device as its picks."""

    device = serializers.RegexField(r"^[A-Za-z0-9_-]{4,24}$")
    now = serializers.IntegerField(min_value=0, max_value=2**53, required=False)
    ops = PutIn(many=True, allow_empty=False)

    def puts(self) -> list[Put]:
        data: dict[str, Any] = self.validated_data
        here, there = clock.now(), data.get("now")
        return [Put(op["op"], op["photo"], op["slot"], op["v"], here - _age(op["at"], there)) for op in data["ops"]]


class PinIn(serializers.Serializer):
    x = serializers.IntegerField(min_value=0, max_value=EDGE)
    y = serializers.IntegerField(min_value=0, max_value=EDGE)
    tag = serializers.ChoiceField(Wish.choices, required=False, default="", allow_blank=True)
    text = serializers.CharField(max_length=TEXT_LENGTH, required=False, default="", allow_blank=True)
    rev = serializers.IntegerField(min_value=1, max_value=10**6, required=False)


class NoteIn(serializers.Serializer):
    """`pins` missing: a page that does not know of pins; those that are there stay."""

    device = serializers.RegexField(r"^[A-Za-z0-9_-]{4,24}$")
    op = serializers.IntegerField(min_value=1, max_value=2**53)
    text = serializers.CharField(allow_blank=True, max_length=500)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=len(Wish), required=False, default=list
    )
    pins = PinIn(many=True, required=False, allow_null=True, default=None, max_length=MOST)


class MuteIn(serializers.Serializer):
    muted = serializers.BooleanField()


class SubmitIn(serializers.Serializer):
    extra_total_minor = serializers.IntegerField(min_value=0)
    signed_name = serializers.CharField(max_length=60, allow_blank=True)
    note = serializers.CharField(max_length=1000, allow_blank=True, required=False, default="")
    device = serializers.RegexField(r"^[A-Za-z0-9_-]{0,24}$", required=False, default="", allow_blank=True)
    seen = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class FileIn(serializers.Serializer):
    name = serializers.CharField(max_length=300)
    size = serializers.IntegerField(min_value=0)
    md5 = serializers.RegexField(r"^[0-9a-f]{32}$")
    type = serializers.CharField(max_length=100, allow_blank=True, required=False)


class SignIn(serializers.Serializer):
    """`replaces`: the number of the photograph whose file the one file is to become."""

    files = FileIn(many=True, allow_empty=False, max_length=500)
    replaces = serializers.IntegerField(min_value=1, max_value=10**6, required=False, allow_null=True, default=None)

    def announced(self) -> list[Announced]:
        return [Announced(file["name"], file["size"], file["md5"]) for file in self.validated_data["files"]]


class CompleteIn(serializers.Serializer):
    photos = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=500)
