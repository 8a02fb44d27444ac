"""Every key of the cull page with its button, and the sentences of its scripts."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from selection.console.sentences import REFUSALS
from selection.culling.enums import MAX_STARS, Hint


@dataclass(frozen=True, slots=True)
class Key:
    """The page draws a button for each; the script reads the keys from the buttons, so none can be without one."""

    act: str
    key: str
    label: str | Promise
    icon: str = ""
    shown: str = ""
    group: str = "flag"

    @property
    def text(self) -> str:
        return self.shown or self.key.upper()


KEYS: list[Key] = [
    Key("previous", "ArrowLeft", gettext_lazy("Previous photo"), "chevron-left", "←", "go"),
    Key("next", "ArrowRight", gettext_lazy("Next photo"), "chevron-right", "→", "go"),
    Key("keep", "p", gettext_lazy("Keep"), "check"),
    Key("reject", "x", gettext_lazy("Hide"), "eye-off"),
    Key("unflag", "u", gettext_lazy("No flag"), "circle-dashed"),
    *(Key(f"stars-{n}", str(n), str(n), "", str(n), "stars") for n in range(1, MAX_STARS + 1)),
    Key("stars-0", "0", gettext_lazy("No stars"), "x", "0", "stars"),
    Key("recommend", "r", gettext_lazy("Recommend"), "rosette-discount-check", "", "more"),
    Key("cover", "v", gettext_lazy("Make cover"), "photo-check", "", "more"),
    Key("compare", "c", gettext_lazy("Compare"), "columns-2", "", "look"),
    Key("zoom", "z", gettext_lazy("Zoom"), "zoom-in", "", "look"),
    Key("select", "s", gettext_lazy("Mark for a group"), "list", "", "more"),
    Key("best", "b", gettext_lazy("Keep the sharpest"), "sparkles", "", "more"),
    Key("undo", "ctrl+z", gettext_lazy("Undo"), "arrow-back-up", "Ctrl Z", "go"),
]


def cull_words() -> dict[str, Any]:
    """For js/cull/*.js."""
    return {
        "cull_of": _("{n} / {all}"),
        "cull_done": _("{n} of {all} looked at"),
        "cull_alt": _("Photo {n}"),
        "cull_saved": _("Saved"),
        "cull_saving": _("Saving…"),
        "cull_waiting": {"one": _("No connection: {n} change waits"), "other": _("No connection: {n} changes wait")},
        "cull_failed": {"one": _("{n} change is not saved"), "other": _("{n} changes are not saved")},
        "cull_chosen": _("Photo {n} stays: the customer has chosen it or is undecided."),
        "cull_locked": _("The gallery is submitted: photo {n} cannot be hidden or shown now."),
        "cull_gone": _("Photo {n} is not there any more."),
        "cull_chosen_many": _("{n} photos stay: the customer has chosen them or is undecided."),
        "cull_locked_many": _("The gallery is submitted: {n} photos cannot be hidden or shown now."),
        "cull_gone_many": _("{n} photos are not there any more."),
        **{
            code.replace(".", "_"): str(REFUSALS[code])
            for code in ("stack.too_few", "stack.not_stacked", "cover.hidden")
        },
        "cull_keep": pgettext("a photo is", "Kept"),
        "cull_reject": pgettext("a photo is", "Hidden"),
        "cull_recommended": pgettext("a photo is", "Recommended"),
        "cull_cover": pgettext("a photo is", "Cover"),
        "cull_picked": pgettext("a photo is", "Chosen by the customer"),
        "cull_best": _("Sharpest of its stack"),
        "cull_stack": _("Stack of {n}"),
        "cull_group": {"one": _("{n} photo marked"), "other": _("{n} photos marked")},
        "cull_stars": {"one": _("{n} star"), "other": _("{n} stars")},
        "cull_again": _("Try again"),
        "cull_nostack": _("This photo is in no stack."),
        "cull_looked": _("Look saved."),
        "cull_covered": _("Photo {n} is the cover."),
        "cull_nothing": _("Nothing here. Choose another filter."),
        **{f"cull_{hint}": str(hint.label) for hint in Hint},
    }
