"""Who the practice customers are and how far their orders have come."""

from dataclasses import dataclass

from core.catalog.enums import ShootKind
from core.orders.enums import Stage

# Numbers of a range that no carrier has: nothing that is sent there reaches anybody.
FIRST_PHONE = 15400000001


@dataclass(frozen=True, slots=True)
class Tale:
    """`taken`, `shoot`: days from today."""

    names: tuple[str, str, str]  # Simplified, Traditional, English
    kind: str
    stage: Stage
    taken: int
    shoot: int


TALES = [
    Tale(("宋知夏", "宋知夏", "Xia Song"), ShootKind.WEDDING, Stage.ENQUIRY, -1, 30),
    Tale(("许安然", "許安然", "Anran Xu"), ShootKind.CHILDREN, Stage.SIGNING, -3, 18),
    Tale(("程以宁", "程以寧", "Yining Cheng"), ShootKind.WEDDING, Stage.PREPARATION, -9, 5),
    Tale(("乔语桐", "喬語桐", "Yutong Qiao"), ShootKind.CHILDREN, Stage.SHOOT, -14, 0),
    Tale(("陆星河", "陸星河", "Xinghe Lu"), ShootKind.WEDDING, Stage.SELECTION, -20, -6),
    Tale(("顾念", "顧念", "Nian Gu"), ShootKind.WEDDING, Stage.DELIVERY, -45, -32),
]
LANGUAGES = {"zh-hans": 0, "zh-hant": 1}
SHOWN = Stage.SELECTION  # this order has the gallery


def name_of(tale: Tale, language: str) -> str:
    return tale.names[LANGUAGES.get(language, 2)]
