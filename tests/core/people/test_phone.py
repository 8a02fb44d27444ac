import pytest

from core.kernel.errors import Refusal
from core.people.phone import mask, pretty, to_e164


@pytest.mark.parametrize(
    "typed",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "+86 138 0000 1234",
        "0086 13800001234",
        "１３８００００１２３４",
        "\u202a+86 138 0000 1234\u202c",
    ],
)
def test_a_number_is_one_however_it_is_typed(typed):
    assert to_e164(typed) == "+8613800001234"


@pytest.mark.parametrize("typed", ["", "123", "1380000123", "138000012345", "+", "+999 123 456 789"])
def test_an_incomplete_number_is_refused(typed):
    with pytest.raises(Refusal, match="customer.phone_invalid"):
        to_e164(typed)


@pytest.mark.parametrize(
    "typed", ["abc", "13800001234x", "+8613800001234x", "手机13800001234", "1-800-FLOWERS", "1380000,1234"]
)
def test_letters_are_not_dropped_in_silence(typed):
    with pytest.raises(Refusal, match="customer.phone_letters"):
        to_e164(typed)


@pytest.mark.parametrize("typed", ["0755-88881234", "+86 10 6552 9988", "+852 2123 4567"])
def test_a_landline_gets_no_code_and_is_no_way_in(typed):
    with pytest.raises(Refusal, match="customer.phone_landline"):
        to_e164(typed)


def test_a_new_carrier_range_is_known_before_the_tables_know_it():
    assert to_e164("19400001234") == "+8619400001234"


@pytest.mark.parametrize(
    ("currency", "typed", "stored"),
    [
        ("TWD", "0912 345 678", "+886912345678"),
        ("HKD", "5123 4567", "+85251234567"),
        ("EUR", "13800001234", "+8613800001234"),
    ],
)
def test_numbers_without_country_code_are_of_the_studios_region(studio, currency, typed, stored):
    studio.currency = currency
    assert to_e164(typed) == stored


@pytest.mark.parametrize(
    ("stored", "masked", "read"),
    [
        ("+8613812345678", "138****5678", "138 1234 5678"),
        ("+8675588881234", "0755****1234", "+86 755 8888 1234"),
        ("+85251234567", "+852 51****67", "+852 5123 4567"),
        ("nonsense", "****", "nonsense"),
    ],
)
def test_shown_masked_or_in_groups(stored, masked, read):
    assert (mask(stored), pretty(stored)) == (masked, read)
