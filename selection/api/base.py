"""What every view here shares: the browser's own cookies, always with the CSRF check, and objects found by who asks."""

from typing import Any

from django.http import Http404
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from core.people.enums import Capability
from selection.models import Chooser, Gallery
from selection.selectors import galleries_for_staff, gallery_for_customer, seat_of
from selection.services import enter_gallery
from tenants.access import declare


class CookieAuthentication(SessionAuthentication):
    """The doors (`tenants.access`) have settled who asks. Another site can borrow a cookie, so CSRF is checked here."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        self.enforce_csrf(request)
        return request._request.user, None


class CustomerView(APIView):
    """A customer's view of one of their galleries."""

    authentication_classes = [CookieAuthentication]

    def gallery(self, code: str) -> Gallery:
        """404 unless the customer is on the order and the gallery is published."""
        gallery = gallery_for_customer(self.request.customer, code)
        if gallery is None:
            raise Http404
        return gallery

    def chooser(self, code: str) -> Chooser:
        """The customer's seat in the gallery; `chooser.gallery` is loaded. 404 as `gallery`."""
        seat = seat_of(self.request.customer, code)
        if seat is not None and seat.opened_at is not None:
            return seat
        gallery = self.gallery(code)
        chooser = enter_gallery(customer=self.request.customer, gallery=gallery)
        chooser.gallery = gallery
        return chooser


class StaffView(APIView):
    """A staff member's view of a gallery in a branch where they hold the view's capability."""

    authentication_classes = [CookieAuthentication]
    capability: Capability

    def gallery(self, code: str) -> Gallery:
        """404 for a gallery of another branch, 403 when it is seen but may not be touched."""
        gallery = galleries_for_staff(self.request.staff).filter(code=code).first()
        if gallery is None:
            raise Http404
        if not self.request.staff.may(self.capability, gallery.order.branch_id):
            self.permission_denied(self.request)
        return gallery


customer = declare("customer", within="gallery")
by_phone = declare("customer")  # what binds or costs is not for those who came in by PIN
