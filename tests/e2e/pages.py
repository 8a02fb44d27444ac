"""Every page that people see, in one table: who looks, and where. `{name}` comes from the story (clerk.furnish)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """`who`: "" for a stranger, a staff member's user name, "customer", "finals" (a customer who has some)
    or "keeper" (one whose photographs are delivered).

    `where`: platform, console or portal.
    """

    name: str
    who: str
    where: str
    path: str

    def address(self, house: Any) -> str:
        story = house.story
        path = self.path.format(
            order=story["couple"]["code"],
            gallery=story["couple"]["gallery"],
            finals=story["finals"]["code"],
            kept=story["kept"]["code"],
            share=story["kept"]["share"],
            early=story["orders"]["preparation"]["code"],
            **{f"date_{name}": value for name, value in story["date"].items()},
        )
        base = {
            "platform": house.stack.url,
            "console": house.console().rstrip("/"),
            "portal": house.portal().rstrip("/"),
        }
        return f"{base[self.where]}/{path}"


PAGES = [
    Page("landing", "", "platform", ""),
    Page("sign-up", "", "platform", "signup/"),
    Page("which studio", "", "platform", "login/"),
    Page("no such studio", "", "platform", "s/nobody/"),
    Page("staff login", "", "console", "login/"),
    Page("today", "boss", "console", ""),
    Page("board", "boss", "console", "board/"),
    Page("board column", "boss", "console", "board/signing/"),
    Page("order", "boss", "console", "orders/{order}/"),
    Page("order early", "boss", "console", "orders/{early}/"),
    Page("job sheet", "boss", "console", "orders/{order}/sheet/"),
    Page("change order", "boss", "console", "orders/{order}/details/"),
    Page("new order", "wanglei", "console", "orders/new/"),
    Page("money to check", "boss", "console", "money/"),
    Page("arrears", "boss", "console", "money/arrears/"),
    Page("day close", "boss", "console", "money/day/"),
    Page("forecast", "boss", "console", "money/forecast/"),
    Page("an order's money", "boss", "console", "money/orders/{order}/"),
    Page("take a payment", "boss", "console", "money/orders/{order}/payments/"),
    Page("customers", "boss", "console", "customers/"),
    Page("customer", "boss", "console", "customers/1/"),
    Page("edit customer", "boss", "console", "customers/1/edit/"),
    Page("new customer", "boss", "console", "customers/new/"),
    Page("packages", "boss", "console", "packages/"),
    Page("package", "boss", "console", "packages/1/"),
    Page("new package", "boss", "console", "packages/new/"),
    Page("publish package", "boss", "console", "packages/1/publication/"),
    Page("price rules", "boss", "console", "packages/prices/"),
    Page("price rule", "boss", "console", "packages/prices/1/"),
    Page("delete price rule", "boss", "console", "packages/prices/1/end/"),
    Page("coupons", "boss", "console", "packages/coupons/"),
    Page("coupon", "boss", "console", "packages/coupons/1/"),
    Page("new coupon", "boss", "console", "packages/coupons/new/"),
    Page("staff", "boss", "console", "staff/"),
    Page("pay routes", "boss", "console", "pay-routes/"),
    Page("keys of WeChat Pay", "boss", "console", "pay-routes/wechat/keys/"),
    Page("staff member", "boss", "console", "staff/2/"),
    Page("new staff member", "boss", "console", "staff/new/"),
    Page("branches", "boss", "console", "branches/"),
    Page("branch", "boss", "console", "branches/1/"),
    Page("new branch", "boss", "console", "branches/new/"),
    Page("headquarters", "boss", "console", "hq/"),
    Page("calendar", "boss", "console", "calendar/?day={date_day}"),
    Page("calendar week", "boss", "console", "calendar/?view=week&day={date_day}&branch=all"),
    Page("calendar month", "zhouhang", "console", "calendar/?view=month&day={date_day}"),
    Page("date", "boss", "console", "calendar/dates/{date_code}/"),
    Page("move a date", "boss", "console", "calendar/dates/{date_code}/time/"),
    Page("cancel a date", "boss", "console", "calendar/dates/{date_code}/cancellation/"),
    Page("new date", "wanglei", "console", "calendar/new/"),
    Page("undated orders", "boss", "console", "calendar/undated/"),
    Page("waiting list", "boss", "console", "calendar/waiting/"),
    Page("on the waiting list", "boss", "console", "calendar/waiting/new/"),
    Page("resources", "boss", "console", "calendar/resources/"),
    Page("resource", "boss", "console", "calendar/resources/{date_resource}/"),
    Page("rosters", "boss", "console", "calendar/shifts/"),
    Page("leave", "boss", "console", "calendar/leave/"),
    Page("opening hours", "boss", "console", "calendar/hours/"),
    Page("outbox", "boss", "console", "outbox/"),
    Page("password", "boss", "console", "password/"),
    Page("galleries", "boss", "console", "galleries/"),
    Page("gallery desk", "boss", "console", "galleries/{gallery}/"),
    Page("what customers did", "boss", "console", "galleries/{gallery}/history/"),
    Page("people and access", "boss", "console", "galleries/{gallery}/people/"),
    Page("sort photos", "boss", "console", "galleries/{gallery}/culling/"),
    Page("selection desk", "boss", "console", "galleries/{gallery}/selection-desk/"),
    Page("looks and order", "boss", "console", "galleries/{gallery}/arrangement/"),
    Page("photo", "boss", "console", "galleries/{gallery}/photos/1/"),
    Page("retouch jobs", "boss", "console", "galleries/retouch/"),
    Page("retouch desk", "boss", "console", "galleries/{finals}/retouch/"),
    Page("before and after", "boss", "console", "galleries/{finals}/retouch/1/"),
    Page("albums", "boss", "console", "galleries/albums/"),
    Page("albums of a gallery", "boss", "console", "galleries/{finals}/albums/"),
    Page("album desk", "boss", "console", "galleries/{finals}/albums/1/"),
    Page("sample library", "boss", "console", "galleries/library/"),
    Page("own works", "boss", "console", "galleries/library/works/"),
    Page("use rights", "boss", "console", "galleries/{finals}/rights/"),
    Page("not found", "boss", "console", "orders/XX-0000-0000/"),
    Page("customer login", "", "portal", "login/"),
    Page("home", "customer", "portal", ""),
    Page("my order", "customer", "portal", "orders/{order}/"),
    Page("my bill", "customer", "portal", "orders/{order}/bill/"),
    Page("my photos", "customer", "portal", "gallery/{gallery}/"),
    Page("review", "customer", "portal", "gallery/{gallery}/review/"),
    Page("who is here", "customer", "portal", "gallery/{gallery}/people/"),
    Page("pin", "", "portal", "gallery/{gallery}/pin/"),
    Page("slot", "customer", "portal", "gallery/{gallery}/review/slots/1/"),
    Page("delivery desk", "boss", "console", "galleries/{kept}/delivery/"),
    Page("story editor", "boss", "console", "galleries/{kept}/story/"),
    Page("my delivery", "keeper", "portal", "gallery/{kept}/delivery/"),
    Page("my photo to keep", "keeper", "portal", "gallery/{kept}/delivery/f1/"),
    Page("my story", "keeper", "portal", "gallery/{kept}/story/"),
    Page("shared story", "", "portal", "story/{share}/"),
    Page("my finals", "finals", "portal", "gallery/{finals}/retouch/"),
    Page("my final", "finals", "portal", "gallery/{finals}/retouch/2/"),
    Page("my album", "finals", "portal", "gallery/{finals}/album/1/"),
    Page("my spread", "finals", "portal", "gallery/{finals}/album/1/draft/1/1/"),
    Page("swap a photo", "finals", "portal", "gallery/{finals}/album/1/draft/1/1/swap/"),
    Page("part", "customer", "portal", "gallery/{gallery}/review/part/"),
    Page("change", "finals", "portal", "gallery/{finals}/review/change/"),
    Page("my rights", "finals", "portal", "gallery/{finals}/rights/"),
    Page("works", "", "portal", "works/"),
    Page("account", "customer", "portal", "me/"),
    Page("branches to book", "", "portal", "book/"),
    Page("branch to book", "", "portal", "book/ns/"),
    Page("free dates", "", "portal", "book/ns/1/"),
    Page("who books", "", "portal", "book/ns/1/you/?at=2027-03-20T10:00:00%2B08:00"),
    Page("my bookings", "customer", "portal", "bookings/"),
    Page("wishes", "customer", "portal", "orders/{order}/wishes/"),
    Page("shooting plan", "customer", "portal", "orders/{order}/plan/"),
    Page("book on the phone", "wanglei", "console", "booking/new/"),
    Page("shooting plan at the desk", "boss", "console", "booking/orders/{early}/plan/"),
]
