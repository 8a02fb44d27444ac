"""Stripe's own idea of a currency's smallest unit (Stripe's docs: currencies), where it differs from ours.

Ours are the minor units of core.kernel.money; Stripe counts ISK and UGX in hundredths although they have none.
"""

from babel.core import get_global

HUNDREDTHS = frozenset({"ISK", "UGX"})  # zero decimals in ISO, two at Stripe, and only whole units are taken
WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)  # zero-decimal currencies at Stripe
THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])  # three decimals, the last one zero


class NotWhole(ValueError):
    """An amount that cannot be said in Stripe's units."""


def to_stripe(minor: int, currency: str) -> int:
    """ISO minor units → what Stripe wants. Raises NotWhole rather than lose a cent."""
    there, rest = _scaled(minor, stripe_exponent(currency) - iso_exponent(currency))
    if rest or (currency in THOUSANDTHS and there % 10) or (currency in HUNDREDTHS and there % 100):
        raise NotWhole(f"{minor} {currency}")
    return there


def from_stripe(amount: int, currency: str) -> int:
    """What Stripe says → ISO minor units. Raises NotWhole when it has decimals that ISO does not know."""
    minor, rest = _scaled(amount, iso_exponent(currency) - stripe_exponent(currency))
    if rest:
        raise NotWhole(f"{amount} {currency}")
    return minor


def _scaled(amount: int, digits: int) -> tuple[int, int]:
    """`amount` with so many digits more, or fewer, and what is lost then."""
    factor: int = 10 ** abs(digits)
    return (amount * factor, 0) if digits >= 0 else divmod(amount, factor)


def stripe_exponent(currency: str) -> int:
    if currency in WHOLE:
        return 0
    return 3 if currency in THOUSANDTHS else 2


def iso_exponent(currency: str) -> int:
    """As core.kernel.money.exponent, which stands above this floor."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])
