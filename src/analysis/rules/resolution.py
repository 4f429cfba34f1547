"""Whoever resolves to do otherwise sets a good self against the old one: "from now on I will listen".

A resolution commits its speaker to what they hold good (Searle 1979, Expression and Meaning, chapter 1, commissives).
"""

from analysis.rules import SUBJECT, Rule

RULES = (
    Rule(
        "resolution.from_now_on",
        "From now on H will do it: H takes the better course",
        ("resolution",),
        ("VERB", "AUX"),
        (SUBJECT,),
    ),
)
