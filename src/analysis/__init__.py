"""The Reader's Turn: who thinks what about whom, and what made a reader change their mind."""

from analysis.cleaning import Source
from analysis.errors import InputError
from analysis.study import Study, read

__all__ = ["InputError", "Source", "Study", "read"]
