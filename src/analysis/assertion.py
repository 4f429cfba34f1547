"""Whether a sentence puts forward a point of its own, by the words with which English announces one.

Writers mark their points (Hyland 2005, Metadiscourse, chapter 3): by drawing a conclusion, by speaking of their own
opinion, or by setting points in order. What only illustrates, asks, or tells a past event puts forward none.
"""

from __future__ import annotations

import re

_CONCLUDES = re.compile(
    r"^\W*(?:therefore|thus|hence|consequently|accordingly|in (?:conclusion|summary|sum|short|brief)"
    r"|to (?:conclude|sum up)|to summari[sz]e|all in all|overall|as a result)\b"
    r"|\b(?:therefore|in conclusion|conclude)\b",
    re.IGNORECASE,
)
_OWN_OPINION = re.compile(
    r"\b(?:i|we)(?: (?:\w+ly|would|do|also|still|must|can|could|will))*"
    r" (?:believe|think|agree|disagree|argue|prefer|support|contend|maintain|hold|say|conclude|suggest|recommend"
    r"|am (?:convinced|certain|sure|of the opinion))\b"
    r"|\b(?:in )?my (?:\w+ )?(?:opinion|view|mind|belief|position)\b|\bpoint of view\b|\bpersonally\b"
    r"|\bas far as i am concerned\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"^\W*(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|first of all|to (?:begin|start) with|another|finally|last(?:ly)?"
    r"|on the (?:one|other) hand|in addition|moreover|furthermore|besides|additionally|also"
    r"|however|although|though|while|despite)\b",
    re.IGNORECASE,
)
_ILLUSTRATES = re.compile(r"\b(?:for|as an) (?:example|instance)\b|\bsuch as\b|\?\W*$", re.IGNORECASE)
_NARRATES = re.compile(r"\b(?:was|were|had|did|he|she|his|him|her)\b", re.IGNORECASE)


def asserts(text: str) -> bool:
    """Whether a sentence announces a point.

    Examples:
        >>> asserts("Therefore, the library ought to open on Sundays.")
        True
        >>> asserts("First, for example, he was late.")
        False
    """
    if _CONCLUDES.search(text) or _OWN_OPINION.search(text):
        return True
    return bool(_ORDERS.search(text)) and not _ILLUSTRATES.search(text) and not _NARRATES.search(text)
