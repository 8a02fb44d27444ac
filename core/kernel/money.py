"""Money is a whole number of minor units in the studio's currency; arithmetic that could lose a cent lives here.

py-moneyed formats by CLDR and knows every currency's exponent; we add the two things it lacks: minor units and shares.
"""

from decimal import Decimal

from babel.core import get_global
from moneyed import Money, get_currency
from moneyed.l10n import format_money


def exponent(currency: str) -> int:
    """Digits after the decimal point in ISO 4217 (JPY 0, CNY 2, KWD 3)."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def to_money(minor: int, currency: str) -> Money:
    """Minor units → py-moneyed Money, exactly."""
    return Money(Decimal(minor).scaleb(-exponent(currency)), get_currency(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """A typed amount in major units → minor units. Raises ValueError when it has more digits than the currency."""
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise ValueError("too many decimals")
    return int(minor)


def format_minor(minor: int, currency: str, locale: str) -> str:
    """Minor units as people write them: whole amounts without decimals ("¥1,280"), others with all of them.

    A studio has one currency, so "CN¥" (CLDR's sign for strangers) is never needed; scripts say `narrowSymbol`.
    """
    whole = minor % 10 ** exponent(currency) == 0
    text: str = format_money(
        to_money(minor, currency),
        locale=locale,
        decimal_quantization=not whole,
        currency_digits=not whole,  # else the currency's digits win over the format
        format="¤#,##0.##" if whole else None,
    )
    return text.replace("CN¥", "¥").replace("JP¥", "¥")


def coin(currency: str, locale: str) -> tuple[str, int]:
    """What a script needs to write amounts as `format_minor` does: what stands before the figures, decimal places."""
    return format_minor(0, currency, locale).partition("0")[0], exponent(currency)


def shares(total: int, weights: list[int]) -> list[int]:
    """Split `total` minor units by weight, nothing lost: largest remainders get the odd units. Order is kept."""
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must sum to more than zero")
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
