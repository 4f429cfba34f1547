"""How the stored notebooks are compared with a new run of them, by `pytest --nbval`."""

import pytest

# A table is compared as text: its HTML says the same and changes with pandas. What goes to standard error is progress
# and other people's warnings.
NOT_COMPARED = ("text/html", "stderr")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tell nbval what not to compare; it has no option for it."""
    item.parent.skip_compare = (*dict.fromkeys((*item.parent.skip_compare, *NOT_COMPARED)),)
