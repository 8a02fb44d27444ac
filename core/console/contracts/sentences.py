"""What happened to contracts and why a verb said no, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core.kernel.events import Kind

EVENTS: dict[str, str | Promise] = {
    Kind.CONTRACT_COMPOSED: gettext_lazy("Contract %(number)s composed: %(title)s"),
    Kind.CONTRACT_SENT: gettext_lazy("Contract %(number)s sent to sign, until %(until)s"),
    Kind.CONTRACT_SIGNED: gettext_lazy("Contract %(number)s signed by %(name)s; still to sign: %(left)s"),
    Kind.CONTRACT_COUNTERSIGNED: gettext_lazy("Contract %(number)s countersigned"),
    Kind.CONTRACT_DECLINED: gettext_lazy("Contract %(number)s declined by %(name)s: %(reason)s"),
    Kind.CONTRACT_EXPIRED: gettext_lazy("Contract %(number)s was not signed in time"),
    Kind.CONTRACT_WITHDRAWN: gettext_lazy("Contract %(number)s withdrawn: %(reason)s"),
    Kind.CONTRACT_NOTIFIED: gettext_lazy("Annex %(number)s told to the customer: %(reason)s"),
    Kind.CONTRACT_SEALED: gettext_lazy("Contract %(number)s: final file sealed"),
}

REFUSALS: dict[str, str | Promise] = {
    "contract.signed": gettext_lazy("Contract %(number)s is signed. What changes now needs an annex."),
    "contract.not_signed": gettext_lazy("Contract %(number)s is not signed by everybody yet."),
    "contract.not_draft": gettext_lazy("Contract %(number)s was sent already."),
    "contract.closed": gettext_lazy("This contract can no longer be changed."),
    "contract.expired": gettext_lazy("The time to sign contract %(number)s is over."),
    "contract.no_countersign": gettext_lazy("Contract %(number)s needs no countersignature."),
    "contract.no_template": gettext_lazy("There is no contract template in this language. Please make one first."),
    "contract.no_signer": gettext_lazy("Somebody has to sign. Please choose at least one person."),
    "contract.unprintable": gettext_lazy(
        "The character “%(char)s” cannot be printed. Please write the name or text without it."
    ),
    "clause.none": gettext_lazy("This template has no clause yet. Please choose its clauses first."),
    "text.missing": gettext_lazy("Please write what is agreed."),
    "template.name_taken": gettext_lazy("Another template of this language has this name."),
    "template.language": gettext_lazy("A template takes clauses of its own language only."),
}
