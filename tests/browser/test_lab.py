"""JupyterLab itself: notebook 04 opened, run from top to bottom, seen, saved and compared with the stored one."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).resolve().parents[2]
NAME = "04-the-readers-move.ipynb"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server on copies of the notebooks and the data; its address, and where its notebooks are."""
    work = tmp_path / "work"
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, work / name)
    settings = tmp_path / "settings" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # Else only the cells on the screen are there to be looked at.
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path / "settings"), "JUPYTERLAB_SETTINGS_DIR": str(settings.parents[1])}
    own |= {"JUPYTER_PATH": str(ROOT / ".venv" / "share" / "jupyter"), "IPYTHONDIR": str(tmp_path / "ipython")}
    own |= {"JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "spaces")}
    command = [ROOT / ".venv" / "bin" / "jupyter", "lab", "--no-browser", f"--port={port}", "--ip=127.0.0.1"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={work}", "--allow-root"]
    log = (tmp_path / "log").open("w")
    # A group of its own, so that its kernels end with it.
    server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((tmp_path / "log").read_text()[-2000:])
        yield f"{address}/lab/tree/notebooks/{NAME}?token={token}", work / "notebooks"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def outputs(path: Path) -> list[list[str]]:
    """What stands under each cell of code, as text."""
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    return [
        ["".join(output["data"].get("text/plain", [])) for output in cell["outputs"] if "data" in output]
        for cell in cells
    ]


def run_counts(path: Path) -> list[int | None]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]


def test_notebook_04_runs_and_shows_its_figure(browser: Browser, lab: tuple[str, Path]) -> None:
    address, folder = lab
    stored = outputs(ROOT / "notebooks" / NAME)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)

    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_role("menuitem", name="Clear Outputs of All Cells").click()
    expect(page.locator(".jp-Notebook .jp-OutputArea-output")).to_have_count(0, timeout=20_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
    for _ in range(240):
        told = prompts.all_text_contents()
        if told == [f"[{number}]:" for number in range(1, len(stored) + 1)]:
            break
        time.sleep(0.5)
    else:
        pytest.fail(f"not all cells have run: {told}")
    expect(page.locator(".jp-Notebook .jp-OutputArea-output img")).to_have_count(2, timeout=20_000)
    page.locator(".jp-Notebook .jp-OutputArea-output img").last.scroll_into_view_if_needed()
    assert page.locator(".jp-Notebook .jp-OutputArea-output img").last.is_visible()
    # A table of contents by its headings.
    assert page.locator(".jp-Notebook .jp-MarkdownOutput h2").count() > 3
    page.keyboard.press("Control+s")
    for _ in range(40):
        if outputs(folder / NAME) == stored and None not in run_counts(folder / NAME):
            break
        time.sleep(0.5)
    assert outputs(folder / NAME) == stored
    assert run_counts(folder / NAME) == list(range(1, len(stored) + 1))
    page.close()
