"""What providers and checks say, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise
FAULTS: dict[str, Text] = {
    "unreachable": gettext_lazy("The provider did not answer. Nothing is lost; please check again in a few minutes."),
    "restored": gettext_lazy(
        "This studio came out of an archive, and keys do not travel. Enter them again (Stripe: connect again); until "
        "then nobody can pay this way."
    ),
    "pay.account_refused": gettext_lazy("The provider does not accept these keys."),
    "pay.account_refused.keys": gettext_lazy("The keys do not belong together. Please enter them again."),
    "pay.account_refused.public_key": gettext_lazy("The answer was not signed with this public key of the provider."),
    "pay.account_refused.SIGN_ERROR": gettext_lazy(
        "WeChat Pay refuses the signature: private key and certificate number do not belong together."
    ),
    "pay.account_refused.APPID_MCHID_NOT_MATCH": gettext_lazy(
        "This app ID is not bound to this merchant number. Bind it in the merchant platform."
    ),
    "pay.account_refused.NO_AUTH": gettext_lazy(
        "The merchant has no permission for this product of WeChat Pay, or this number is not under our account."
    ),
    "pay.foreign": gettext_lazy("This account belongs to another studio."),
    "pay.route_closed": gettext_lazy("This way to pay is not set up on this platform."),
    "foreign": gettext_lazy("The notice names another studio. Our operators are looking at it."),
}
KEY_FAULTS: dict[str, Text] = {
    "missing": gettext_lazy("Please fill this in."),
    "shape": gettext_lazy("This does not look right. Please copy it again."),
    "key": gettext_lazy("This is no RSA key. Please copy the whole key."),
    "taken": gettext_lazy(
        "Another studio on this platform has entered this number. If it is yours, please write to us: we look into it "
        "and release it."
    ),
    "app": gettext_lazy("The AppSecret belongs to an official account: please enter its app ID too."),
    "pair": gettext_lazy("The check file needs both: its name and what is written in it."),
    "short": gettext_lazy("This key is too short; the provider asks for 2048 bits."),
}


def fault_sentence(code: str) -> str:
    """Why a check failed, and what to do; "" for no fault."""
    if not code:
        return ""
    known = FAULTS.get(code) or FAULTS.get(".".join(code.split(".")[:2]))
    return str(known) if known else _("The provider said no (%(code)s).") % {"code": code}


def key_fault(code: str) -> str:
    return str(KEY_FAULTS[code])
