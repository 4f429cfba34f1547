"""Who shows which target in what light: mentions and the encoder's probabilities go in, claims come out.

`find` asks the encoder about every mention and claims what is probable enough, `context` reads holder, kind, hedge and
time off the parse, and `carry` looks for the words that a claim hangs on, when somebody asks for them.
"""

from analysis.claims.carry import with_cues
from analysis.claims.claim import CLAIM_COLUMNS, PROBABILITIES, Claim, claim_rows, claims_table
from analysis.claims.context import context
from analysis.claims.find import Judge, Lit, find_claims, find_lights

__all__ = [
    "CLAIM_COLUMNS",
    "PROBABILITIES",
    "Claim",
    "Judge",
    "Lit",
    "claim_rows",
    "claims_table",
    "context",
    "find_claims",
    "find_lights",
    "with_cues",
]
