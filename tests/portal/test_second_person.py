"""The other one of a couple: own marks, and told at once who submits."""

from core.orders.models import OrderPerson
from tests.factories import make_customer
from tests.portal.doors import knock
from tests.selection.make import make_gallery


def test_who_submits_is_said_before_the_first_tap(db, studio):
    gallery = make_gallery(3)
    partner = make_customer(name="周小明")
    OrderPerson.objects.create(order=gallery.order, customer=partner, part="groom")
    theirs = knock(studio, "host", partner).get(f"gallery/{gallery.code}/").content.decode()
    own = knock(studio, "host", gallery.order.customer).get(f"gallery/{gallery.code}/").content.decode()
    said = f"{gallery.order.customer.name}提交"
    assert (said in theirs, said in own) == (True, False)
