"""The corpus on Dask: the same as in one process, row for row. `make test-cluster` runs it."""

from pathlib import Path

import pandas as pd
import pytest
from distributed import LocalCluster

from analysis import InputError
from analysis.corpus import Layout, run_corpus
from analysis.corpus.example import example_corpus

LAYOUT = Layout(title="title", author="author")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("corpus")
    articles, responses = example_corpus(120)
    articles.to_csv(folder / "articles.csv", index=False)
    responses.to_csv(folder / "responses.csv", index=False)
    return folder / "articles.csv", folder / "responses.csv"


@pytest.mark.parametrize("where", ["local", "address"])
def test_dask_comes_to_the_same_row_for_row(corpus: tuple[Path, Path], tmp_path: Path, where: str) -> None:
    run_corpus(*corpus, tmp_path / "one", layout=LAYOUT, workers=1, part_size=20)
    if where == "local":
        run_corpus(*corpus, tmp_path / "many", layout=LAYOUT, workers=2, part_size=20, scheduler="local")
    else:
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            address = cluster.scheduler_address
            run_corpus(*corpus, tmp_path / "many", layout=LAYOUT, part_size=20, scheduler=address)
    for table in ("claims", "shifts", "verdicts", "responses", "rejects", "articles", "summary.parquet"):
        one, many = (pd.read_parquet(tmp_path / run / table) for run in ("one", "many"))
        assert len(one) or table == "rejects"
        pd.testing.assert_frame_equal(one, many)


def test_says_that_nobody_answers(corpus: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_corpus(*corpus, tmp_path, layout=LAYOUT, scheduler="tcp://127.0.0.1:9")
