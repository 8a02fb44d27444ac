"""Move an order to another stage: asks first when something is missing, refuses with a sentence, offers to undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.console.orders.forms import MoveForm
from core.console.orders.moves import Question, is_undo, question_before
from core.console.orders.pages import insist, order_or_404
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.orders import services
from core.orders.models import Order
from core.people.enums import Capability


@requires(Capability.MOVE_ORDER)
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """`target`, `rev`; then perhaps `confirmed` or a `note`. Scripts get JSON, forms a redirect."""
    order = order_or_404(request, code)
    insist(request, Capability.MOVE_ORDER, order)
    form = MoveForm({"rev": request.GET.get("rev", ""), **request.POST.dict()})
    if not form.is_valid():
        return HttpResponseBadRequest()
    answer = form.cleaned_data
    undo = answer["undo"] and is_undo(order, request.user, answer["target"])
    question = None if undo else question_before(order, answer["target"], answer)
    if question:
        return _ask(request, order, question, answer)
    wanted = {"target": answer["target"], "note": answer["note"], "rev": answer["rev"]}
    try:
        moved = services.move_order(actor=request.user, order=order, **wanted)
    except Refusal as refusal:
        return _refuse(request, order, refusal)
    return _done(request, order, moved)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _ask(request: HttpRequest, order: Order, question: Question, answer: dict[str, Any]) -> HttpResponse:
    context = {"order": order, "question": question, "answer": answer, "back": _back(request, order)}
    if _wants_json(request):
        html = render_to_string("console/orders/question.html", context, request)
        return JsonResponse({"ask": html})
    return render(request, "console/orders/question_page.html", context)


def _refuse(request: HttpRequest, order: Order, refusal: Refusal) -> HttpResponse:
    text = refusal_sentence(refusal)
    if _wants_json(request):
        return JsonResponse({"code": refusal.code, "message": text}, status=409)
    messages.error(request, text)
    return redirect(_back(request, order))


def _done(request: HttpRequest, order: Order, moved: Order) -> HttpResponse:
    text = _("“%(title)s” moved to %(stage)s") % {"title": moved.title, "stage": moved.get_stage_display()}
    if _wants_json(request):
        return JsonResponse({"text": text, "undo": {"target": order.stage, "rev": moved.rev}})
    messages.success(request, text)
    return redirect(_back(request, order))


def _back(request: HttpRequest, order: Order) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("console:orders:detail", args=[order.code])
