"""Where providers notify us, on the platform's host: verify, store, answer as each wants it — nothing more."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing import inbox
from billing.enums import PayRoute
from billing.exchange import Forged
from billing.selectors import verify_text
from billing.watching import troubles
from tenants.access import anyone
from tenants.models import Studio

log = logging.getLogger(__name__)
MOST_BYTES = 256 * 1024  # a notification is a few kilobytes
A_MINUTE = 60.0
LONGEST = 128  # letters of a code or state of WeChat's


class _Quiet:
    """At most one line a minute and place: whoever knocks a thousand times must not fill the log."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.said: dict[str, float] = {}
        self.held: dict[str, int] = {}

    def warn(self, place: str, why: str) -> None:
        with self.lock:
            now, held = time.monotonic(), self.held.get(place, 0)
            if now - self.said.get(place, -A_MINUTE) < A_MINUTE:
                self.held[place] = held + 1
                return
            self.said[place], self.held[place] = now, 0
        log.warning("refused at %s: %s (and %s before that)", place, why, held)


quiet = _Quiet()


def _hook(view: Callable[..., HttpResponse], refused: Callable[[int], HttpResponse]) -> Callable[..., HttpResponse]:
    """The door of every hook: POST, no cookie needed, small bodies, forgeries refused and not stored."""

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        body = request.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            return refused(413)
        try:
            return view(request, body, **kwargs)
        except Forged as why:
            quiet.warn(view.__name__, str(why))
            return refused(400)

    return anyone(csrf_exempt(require_POST(guarded)))


def _plain(status: int) -> HttpResponse:
    return HttpResponse(status=status)


def _stripe_connect(request: HttpRequest, body: bytes) -> HttpResponse:
    inbox.receive_stripe(body, request.headers, connect=True)
    return _plain(200)


def _stripe(request: HttpRequest, body: bytes) -> HttpResponse:
    inbox.receive_stripe(body, request.headers, connect=False)
    return _plain(200)


def _wechat(request: HttpRequest, body: bytes, key: str) -> HttpResponse:
    inbox.receive_wallet(PayRoute.WECHAT, key, body, request.headers)
    return JsonResponse({"code": "SUCCESS", "message": ""})


def _alipay(request: HttpRequest, body: bytes, key: str) -> HttpResponse:
    inbox.receive_wallet(PayRoute.ALIPAY, key, body, request.headers)
    return HttpResponse("success", content_type="text/plain")


@anyone
@never_cache
@require_safe
def billing_status(request: HttpRequest) -> HttpResponse:
    """For an outside watcher: "ok", or 503 and a word a line for what is wrong (billing.watching.troubles)."""
    found = troubles()
    return HttpResponse("\n".join(found) or "ok", content_type="text/plain", status=503 if found else 200)


@anyone
@never_cache
@require_safe
def wechat_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody comes from WeChat, which sends payers to the host of its own app only: on to their studio's host."""
    studio = Studio.objects.active().filter(slug=slug).first()
    if studio is None:
        raise Http404
    told = {name: request.GET.get(name, "")[:LONGEST] for name in ("code", "state")}
    return redirect(f"{studio.url}/wechat/back/?{urlencode(told)}")


@anyone
@require_safe
def wechat_file(request: HttpRequest, name: str) -> HttpResponse:
    """The file by which WeChat sees that a host belongs to an official account: on a studio's host its own, on the
    platform's, where every studio has its pages too, everybody's and ours.
    """
    text = verify_text(getattr(request, "studio", None), name)
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/plain")


stripe_connect = _hook(_stripe_connect, _plain)
stripe = _hook(_stripe, _plain)
wechat = _hook(_wechat, lambda status: JsonResponse({"code": "FAIL", "message": "refused"}, status=status))
alipay = _hook(_alipay, lambda status: HttpResponse("fail", content_type="text/plain", status=status))
