"""Taking a consent back while colleagues take its photographs in: afterwards none of them is in the library."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from core.kernel.errors import Refusal
from selection.models import Chooser, Gallery
from selection.rights.models import Consent, ConsentRevocation, Sample
from selection.rights.selectors import library
from selection.rights.services import revoke_consent
from tenants.context import in_studio
from tests.factories import make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import submitted_gallery
from tests.selection.rights.conftest import consent, take_in

THREADS = 12


def test_revoked_while_it_is_taken_in(throwaway_studio):
    gallery = submitted_gallery(8, tuple(range(1, 9)))
    chooser, keeper = main_chooser(gallery), make_staff("owner")
    signed = consent(chooser)
    gate = threading.Barrier(THREADS)

    def work(i):
        try:
            with in_studio(throwaway_studio):
                gate.wait(30)
                if i % 4 == 3:
                    seat = Chooser.objects.select_related("customer").get(pk=chooser.pk)
                    revoke_consent(chooser=seat, consent=Consent.objects.get(pk=signed.pk))
                    return "revoked"
                take_in(keeper, Gallery.objects.get(pk=gallery.pk), *range(1, 9))
                return "in"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        said = list(pool.map(work, range(THREADS)))
    assert set(said) <= {"in", "revoked", "sample.no_consent"}
    assert ConsentRevocation.objects.count() == 1
    assert not library().exists()
    assert not Sample.objects.filter(removed_at=None).exists()
