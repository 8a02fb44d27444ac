"""The trade's jobs and what each may do (R024–R043, glossary)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SUPPORT = "yinglou-support"  # the user name of the platform's support (core.people.support)


class Role(models.TextChoices):
    OWNER = "owner", _("Boss")
    MANAGER = "manager", _("Store manager")
    RECEPTIONIST = "receptionist", _("Receptionist")
    SALES_CONSULTANT = "sales_consultant", _("Sales consultant")
    GOWN_MASTER = "gown_master", _("Gown master")
    MAKEUP_ARTIST = "makeup_artist", _("Make-up artist")
    PHOTOGRAPHER = "photographer", _("Photographer")
    LIGHTING_TECHNICIAN = "lighting_technician", _("Lighting technician")
    ASSISTANT = "assistant", _("Assistant")
    SELECTION_ADVISER = "selection_adviser", _("Selection adviser")
    RETOUCHER = "retoucher", _("Retoucher")
    ALBUM_DESIGNER = "album_designer", _("Album designer")
    PRODUCTION = "production", _("Production")
    AFTER_SALES = "after_sales", _("After-sales")
    SERVICE_BUTLER = "service_butler", _("Service butler")


class Capability(models.TextChoices):
    """What a staff view may demand. Templates ask `caps.<value>`."""

    VIEW_TODAY = "view_today"
    VIEW_BOARD = "view_board"
    TAKE_ORDER = "take_order"
    CHANGE_ORDER = "change_order"
    MOVE_ORDER = "move_order"
    CANCEL_ORDER = "cancel_order"
    VIEW_CUSTOMERS = "view_customers"
    CHANGE_CUSTOMERS = "change_customers"
    VIEW_CALENDAR = "view_calendar"
    BOOK_DATES = "book_dates"  # hold, confirm, move and cancel appointments; keep the waiting list
    KEEP_CALENDAR = "keep_calendar"  # resources, rosters, leave, opening hours; agree to lend
    VIEW_GALLERIES = "view_galleries"
    UPLOAD_PHOTOS = "upload_photos"
    PUBLISH_GALLERY = "publish_gallery"
    UNLOCK_SELECTION = "unlock_selection"
    LEAD_SELECTION = "lead_selection"  # the selection desk in the branch: hold up, suggest; never choose
    LOWER_PRICES = "lower_prices"
    RETOUCH = "retouch"  # start and take on jobs, upload finals, send rounds
    GRANT_ROUNDS = "grant_rounds"  # waive or price a round beyond the contract
    DESIGN_ALBUMS = "design_albums"  # begin and lay out album proofs, send drafts
    OPEN_ORIGINALS = "open_originals"
    DELIVER = "deliver"  # hand galleries over, extend, archive, tell their story
    GRANT_FILES = "grant_files"  # originals beyond the contract, reviving what has expired
    VIEW_LIBRARY = "view_library"  # the sample library, studio-wide
    KEEP_LIBRARY = "keep_library"  # take consented photographs in, tag them, take them out
    VIEW_MONEY = "view_money"  # what orders owe and have paid, arrears, the day's figures
    TAKE_PAYMENT = "take_payment"  # record money, confirm what customers say they paid
    AUDIT_PAYMENT = "audit_payment"  # look at what somebody else recorded; take wrong entries back
    DISCOUNT = "discount"  # within the job's limit (core.finance.discounts)
    REFUND = "refund"
    CLOSE_DAY = "close_day"
    ISSUE_INVOICE = "issue_invoice"
    VIEW_COMMISSIONS = "view_commissions"  # everybody's in the branch; one's own needs nothing
    MANAGE_COMMISSIONS = "manage_commissions"  # rules of commissions, gifts and shares: the whole chain's
    SETTLE_BRANCHES = "settle_branches"  # see and close what branches owe each other
    SEND_CONTRACTS = "send_contracts"  # compose, send and withdraw contracts of orders
    COUNTERSIGN = "countersign"  # sign for the studio
    MANAGE_CONTRACTS = "manage_contracts"  # clauses, templates, settings
    MANAGE_PACKAGES = "manage_packages"
    MANAGE_STAFF = "manage_staff"
    MANAGE_BRANCHES = "manage_branches"
    VIEW_HEADQUARTERS = "view_headquarters"
    MANAGE_PAY_ROUTES = "manage_pay_routes"  # merchant accounts and their keys, the whole chain's
    MANAGE_SUBSCRIPTION = "manage_subscription"  # what the chain pays us, and for what
    VIEW_OUTBOX = "view_outbox"
    KEEP_STUDIO = "keep_studio"  # the studio as a whole: export, support visits, own address, closing


class Channel(models.TextChoices):
    """Where a customer came from (R090)."""

    WALK_IN = "walk_in", _("Walk-in")
    REFERRAL = "referral", _("Referral")
    XIAOHONGSHU = "xiaohongshu", _("Xiaohongshu")
    DOUYIN = "douyin", _("Douyin")
    DIANPING = "dianping", _("Dianping / Meituan")
    WECHAT = "wechat", _("WeChat")
    ONLINE = "online", _("Own booking page")
    PARTNER = "partner", _("Partner")
    OTHER = "other", _("Other")


class CodePurpose(models.TextChoices):
    """What a code to the phone opens; a code for one is no code for the other."""

    LOGIN = "login", _("Logging in")
    SIGNING = "signing", _("Signing")
    PAYING = "paying", _("Paying with stored value")
    PASSWORD = "password", _("Choosing a new password")


class InvitationState(models.TextChoices):
    """Where an invitation of a colleague stands; "expired" is open with its time over."""

    OPEN = "open", _("Waiting to be accepted")
    EXPIRED = "expired", _("Expired")
    ACCEPTED = "accepted", _("Joined")
    REVOKED = "revoked", _("Revoked")
