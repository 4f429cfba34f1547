from collections.abc import Iterator

import matplotlib
import pytest

# No window, and the same picture everywhere.
matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """No test sees the figures of another one."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
