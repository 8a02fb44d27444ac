"""Verbs of the cull. All take the gallery's row lock, as customers' picks do: neither overtakes the other."""

from selection.culling.services.arranging import set_cover, set_order
from selection.culling.services.looks import (
    add_look,
    assign_look,
    order_looks,
    remove_look,
    rename_look,
    suggest_looks,
)
from selection.culling.services.marks import Mark, Marked, set_marks
from selection.culling.services.measuring import fill_facts
from selection.culling.services.stacks import build_stacks, join_stack, put_stacks, release_stacks, split_stack

__all__ = [
    "Mark",
    "Marked",
    "add_look",
    "assign_look",
    "build_stacks",
    "fill_facts",
    "join_stack",
    "order_looks",
    "put_stacks",
    "release_stacks",
    "remove_look",
    "rename_look",
    "set_cover",
    "set_marks",
    "set_order",
    "split_stack",
    "suggest_looks",
]
