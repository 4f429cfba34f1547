"""The trained model: sentences and spans go in, probabilities of three lights come out.

It knows nothing of targets, holders or changes of belief. `CARD.md` says where its weights come from, what they were
trained on, and what they cannot do; `make train` makes them.
"""

from analysis.encoder.model import DIGITS, LIGHTS, Asked, Encoder, load_encoder

__all__ = ["DIGITS", "LIGHTS", "Asked", "Encoder", "load_encoder"]
