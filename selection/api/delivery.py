"""What a customer may take home, for programs: the same answer as the page's and the door's."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from selection.api.base import CustomerView, customer
from selection.delivery.addresses import download_base, download_url
from selection.delivery.parcels import part_name, parts_here
from selection.delivery.selectors import delivered_to, files_of


@customer
class Delivered(CustomerView):
    def get(self, request: Request, code: str) -> Response:
        """{until, files:[{what, number, name, size, md5, url}], parts:[{what, name, size, etag, files, url}]}; the
        addresses are this person's and live four hours. 404 unless delivered to them, and not past its day.
        """
        mine = delivered_to(request.customer, code)
        if mine is None:
            raise Http404
        gallery, delivery = mine
        files, base = files_of(gallery), download_base(gallery, request.customer.pk)
        parts = [(part, part_name(gallery, part, request.customer)) for part in parts_here(gallery, files)]
        told = {
            "until": delivery.until.isoformat(),
            "files": [
                {
                    **{name: getattr(file, name) for name in ("what", "number", "name", "size", "md5")},
                    "url": download_url(base, file.what, file.name),
                }
                for file in files
            ],
            "parts": [
                {
                    **{name: getattr(part, name) for name in ("what", "size", "etag")},
                    "name": name,
                    "files": [file.what for file in part.files],
                    "url": download_url(base, part.what, name),
                }
                for part, name in parts
            ],
        }
        return Response(told, headers={"Cache-Control": "private, no-store"})
