"""Verdicts on finals that waited on a phone without a connection: each says which version it is about, and how old."""

import datetime as dt
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.kernel import clock
from core.kernel.errors import Refusal
from selection.api.base import CustomerView
from selection.api.serializers import age_of
from selection.retouch.enums import Verdict
from selection.retouch.services import judge_final
from selection.retouch.services.verdicts import NOTE_LENGTH
from tenants.access import declare

MOST = 200


class VerdictIn(serializers.Serializer):
    photo = serializers.IntegerField(min_value=1, max_value=10**6)
    version = serializers.IntegerField(min_value=1, max_value=10**4)
    v = serializers.ChoiceField(["", *Verdict.values])
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True, required=False, default="")
    at = serializers.IntegerField(min_value=0, max_value=2**53)


class VerdictsIn(serializers.Serializer):
    """`at` and `now` are the phone's clock in milliseconds: only their difference is believed."""

    now = serializers.IntegerField(min_value=0, max_value=2**53)
    verdicts = VerdictIn(many=True, allow_empty=False, max_length=MOST)


@declare("customer")
class Verdicts(CustomerView):
    def post(self, request: Request, code: str) -> Response:
        """{now, verdicts:[{photo, version, v, note, at}]} → {acked:[photo], refused:[{photo, why}]}.

        Said twice it changes nothing; an older word never overwrites a newer one of the same person.
        """
        chooser = self.chooser(code)
        given = VerdictsIn(data=request.data)
        given.is_valid(raise_exception=True)
        here, acked, refused = clock.now(), [], []
        for one in given.validated_data["verdicts"]:
            said_at = here - age_of(one["at"], given.validated_data["now"])
            try:
                _judge(chooser, one, said_at)
            except Refusal as refusal:
                refused.append({"photo": one["photo"], "why": refusal.code})
            else:
                acked.append(one["photo"])
        return Response({"acked": acked, "refused": refused})


def _judge(chooser: Any, one: dict[str, Any], said_at: dt.datetime) -> None:
    told = {"version": one["version"], "value": one["v"], "note": one["note"]}
    judge_final(chooser=chooser, number=one["photo"], said_at=said_at, **told)
