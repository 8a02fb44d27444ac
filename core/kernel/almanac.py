"""What the Chinese calendar says of a day, as the library lunar-python states it: the lunar day, its festival, whether
it is a day off in mainland China, and, for studios that want to show it, whether the almanac names weddings.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from lunar_python import Solar
from lunar_python.util import HolidayUtil

MAINLAND = {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi"}
TRADITIONAL = str.maketrans("节闰腊阳", "節閏臘陽")
WEDDING = "嫁娶"
WEEKEND = 5


@dataclass(frozen=True, slots=True)
class LunarDay:
    """`month` 二月, `day` 十三, `feast` 中秋节 or ""."""

    month: str
    day: str
    feast: str

    @property
    def short(self) -> str:
        """For a calendar's cell: the feast, on the first the month, else the day."""
        return self.feast or (self.month if self.day == "初一" else self.day)

    @property
    def full(self) -> str:
        return f"{self.month}{self.day}" + (f" {self.feast}" if self.feast else "")


@lru_cache(maxsize=2048)
def lunar_day(day: dt.date, *, traditional: bool = False) -> LunarDay:
    """The lunar day of a civil one."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    feast = next(iter(found.getFestivals()), "")
    words = (f"{found.getMonthInChinese()}月", found.getDayInChinese(), feast)
    return LunarDay(*(word.translate(TRADITIONAL) if traditional else word for word in words))


@lru_cache(maxsize=2048)
def names_weddings(day: dt.date) -> bool:
    """Whether the almanac lists weddings (嫁娶) among what suits the day."""
    return WEDDING in Solar.fromYmd(day.year, day.month, day.day).getLunar().getDayYi()


@lru_cache(maxsize=2048)
def is_day_off(day: dt.date, timezone: str) -> bool:
    """Saturdays, Sundays and, in mainland China, its public holidays less the days worked for them, as far as they are
    announced.
    """
    told = HolidayUtil.getHoliday(day.year, day.month, day.day) if timezone in MAINLAND else None
    return day.weekday() >= WEEKEND if told is None else not told.isWork()
