"""Style cards: what a customer can point at before anybody has found words, and what each means to the three crafts.

Colours are drawn (no photograph is needed, none is borrowed). The hints are suggestions that staff overwrite: they
become the studio's own words when a plan is saved.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.booking.enums import Style
from core.catalog.enums import ShootKind

GROWN = frozenset({ShootKind.WEDDING, ShootKind.PORTRAIT, ShootKind.MATERNITY})
YOUNG = frozenset({ShootKind.CHILDREN, ShootKind.FAMILY, ShootKind.MATERNITY})


@dataclass(frozen=True, slots=True)
class StyleCard:
    """One style as a card. `colours`: sky, middle and ground of its picture; `kinds`: shoots it suits."""

    code: str
    words: Any
    colours: tuple[str, str, str]
    scene: Any
    gown: Any
    makeup: Any
    photo: Any
    kinds: frozenset[str] = GROWN

    @property
    def label(self) -> str:
        return str(Style(self.code).label)


CARDS: tuple[StyleCard, ...] = (
    StyleCard(
        Style.FOREST,
        _("Soft light, green, a little mist"),
        ("#DDE6DC", "#8FA68E", "#4E6250"),
        _("Woods or park, early morning"),
        _("Light tulle, no train, flat shoes for the way"),
        _("Clear skin, loose hair, fresh flowers"),
        _("Backlight, long lens, haze"),
        GROWN | YOUNG,
    ),
    StyleCard(
        Style.FILM,
        _("Grain, warm tones, like an old album"),
        ("#EADCC3", "#C39A6B", "#6E4B33"),
        _("Old town, arcade, café"),
        _("Short vintage dress, suit with braces"),
        _("Red lips, soft waves"),
        _("50 mm, side light, grain"),
    ),
    StyleCard(
        Style.CHINESE,
        _("Silk, courtyard, ink and red"),
        ("#EFE3D3", "#A8322A", "#3B2A24"),
        _("Courtyard or hall with screens"),
        _("Embroidered xiuhe or qipao"),
        _("Fine brows, hair up with pins"),
        _("Straight lines, calm poses, low light"),
    ),
    StyleCard(
        Style.MINIMAL,
        _("Plain wall, clean lines, faces"),
        ("#F4F1EC", "#D8D2C8", "#8F867A"),
        _("Studio, plain backdrop"),
        _("Satin dress without ornament, black suit"),
        _("Clean Korean make-up, low bun"),
        _("Large soft box, half figure, plain poses"),
        GROWN | YOUNG,
    ),
    StyleCard(
        Style.OIL,
        _("Deep shadows, rich cloth"),
        ("#6B5A49", "#4A3528", "#241A15"),
        _("Studio, painted backdrop, drapery"),
        _("Heavy satin, sleeves, jewellery"),
        _("Defined eyes, curled hair up"),
        _("One lamp, Rembrandt light"),
    ),
    StyleCard(
        Style.SEASIDE,
        _("Wind, wide sky, barefoot"),
        ("#CFE3EC", "#7FB0C6", "#D9C6A3"),
        _("Beach, two hours before sunset"),
        _("Flowing chiffon, linen suit"),
        _("Waterproof, natural, hair in the wind"),
        _("Wide angle, run and laugh, sunset last"),
        GROWN | YOUNG,
    ),
    StyleCard(
        Style.NIGHT,
        _("Neon, rain, big city"),
        ("#2B2F4A", "#7A4E8A", "#161722"),
        _("Bridge or shopping street after dark"),
        _("Sequins or a short dress, dark suit"),
        _("Shining lids, sleek hair"),
        _("Fast lens, flash with colour, reflections"),
    ),
    StyleCard(
        Style.PALACE,
        _("Hall of mirrors, long train"),
        ("#F0E4D0", "#CDB48A", "#8A6D45"),
        _("Palace set or hall"),
        _("Ball gown with cathedral train, veil"),
        _("Elegant, tiara, hair up"),
        _("Symmetry, stairs, whole figures"),
    ),
    StyleCard(
        Style.STREET,
        _("As you are, on the move"),
        ("#DDD9D2", "#9AA1A8", "#4A4F55"),
        _("Your own quarter: market, tram, corner shop"),
        _("Your own clothes, one good coat"),
        _("As every day, touched up"),
        _("35 mm, no posing, follow along"),
        GROWN | YOUNG,
    ),
    StyleCard(
        Style.CANDY,
        _("Balloons, cake, bright colours"),
        ("#FBE3EA", "#F4B7A8", "#8FC3B5"),
        _("Studio set with toys"),
        _("Two cotton outfits, spare socks"),
        _("None, a comb"),
        _("Short takes, eye level, parents behind the camera"),
        YOUNG,
    ),
    StyleCard(
        Style.HOME,
        _("Morning light, own sofa"),
        ("#F3EADF", "#D8BFA3", "#9B7A5B"),
        _("At the family’s home, by the window"),
        _("Knitwear in two tones"),
        _("Hardly any"),
        _("Window light, hands and details"),
        YOUNG | GROWN,
    ),
)
BY_CODE = {card.code: card for card in CARDS}


def cards_for(kind: str) -> list[StyleCard]:
    """The cards that suit a kind of shoot, in the order of the table."""
    return [card for card in CARDS if kind in card.kinds]
