"""What the comparison counts, and that it installs no more often than it must."""

from pathlib import Path

import pytest

from benchmarks import label_studio_install
from benchmarks.label_studio import count_logged
from benchmarks.label_studio_install import install_label_studio

LOG = b"""\
2026-11-22 08:05:31.412 UTC [812] LOG:  statement: BEGIN
2026-11-22 08:05:31.413 UTC [812] LOG:  execute <unnamed>: SELECT 'a text [1] LOG:  statement: '
\tFROM task
2026-11-22 08:05:31.413 UTC [812] DETAIL:  Parameters: $1 = '1'
2026-11-22 08:05:31.414 UTC [812] LOG:  statement: COMMIT
2026-11-22 08:05:31.500 UTC [813] LOG:  checkpoint starting: time
"""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    run: list[tuple[str, ...]] = []
    monkeypatch.setattr(label_studio_install, "_run", lambda *command: run.append(command))
    return run


def test_count_logged_counts_statements_and_nothing_else() -> None:
    assert count_logged(LOG) == 3


def test_install_is_done_once(tmp_path: Path, commands: list[tuple[str, ...]]) -> None:
    first = install_label_studio(tmp_path)
    assert [command[2] for command in commands] == ["venv", "pip"]
    assert install_label_studio(tmp_path) == first == tmp_path / "bin" / "python"
    assert len(commands) == 2


def test_install_begins_anew_after_one_that_broke_off(
    tmp_path: Path, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*command: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(label_studio_install, "_run", break_off)
        with pytest.raises(KeyboardInterrupt):
            install_label_studio(tmp_path)
    install_label_studio(tmp_path)
    assert len(commands) == 2


def test_install_replaces_another_version(tmp_path: Path, commands: list[tuple[str, ...]]) -> None:
    (tmp_path / label_studio_install.WHOLE).write_text("label-studio==1.0\n")
    install_label_studio(tmp_path)
    assert len(commands) == 2
