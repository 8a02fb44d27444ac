"""Asking axe-core about a page as it stands now."""

from typing import Any

EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # the rules that a theme can break
WORDS = {  # the rules that words can break: names, texts for pictures, the language itself
    "type": "tag",
    "values": ["cat.text-alternatives", "cat.name-role-value", "cat.language", "cat.forms"],
}
STILL = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets.push(sheet);
}
"""
RUN = """
async ([within, only]) => {
  // EventCalendar gives its timeline roles of its own (rowheader without row): it is the vendor's, and everything in it
  // also stands in the agenda and in forms, which are looked at.
  const found = await axe.run({ include: [[within]], exclude: [[".ec"]] }, {
    runOnly: only, resultTypes: ["violations"], elementRef: false, preload: false });
  const said = (node) => [...node.any, ...node.all, ...node.none].map((why) => why.message).join("; ");
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")} — ${said(node)}`));
}
"""


def begin(page: Any, axe: str) -> None:
    """Stop everything that moves and load axe-core (the fixture `axe`): once per loaded page."""
    page.evaluate(STILL)
    page.evaluate(axe)


def violations(page: Any, only: dict[str, Any], within: str = "html") -> list[str]:
    """One sentence for each element that breaks a rule."""
    return list(page.evaluate(RUN, [within, only]))
