"""`make smoke`: prints a line per step, and at the end one line of JSON."""

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

# Before anything imports them: no network, no accelerator, and nothing but our own lines.
os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    TOKENIZERS_PARALLELISM="false",
    CUDA_VISIBLE_DEVICES="",
    PYTHONWARNINGS="ignore",
    TRL_EXPERIMENTAL_SILENCE="1",
    HF_DATASETS_DISABLE_PROGRESS_BARS="1",
)

from tests.smoke.checks import MismatchError
from tests.smoke.server import manage, read_logs, running_application
from tests.smoke.steps import Steps
from tests.smoke.story import go_the_whole_way


def main() -> int:
    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="touchstone-smoke-") as scratch:
        work, logs = Path(scratch), Path(scratch, "logs")
        logs.mkdir()
        try:
            steps.run("migrate an empty database", lambda: manage("migrate", "--verbosity", "0"))
            with ExitStack() as stack:
                application = running_application(work, logs)
                site = steps.run(
                    "start the web server and a worker", lambda: stack.enter_context(application)
                )
                result = go_the_whole_way(site, work, steps)
        except MismatchError as error:
            print(f"smoke: FAILED after {steps.elapsed:.1f} s: {error}", file=sys.stderr)
            print(read_logs(logs), file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("smoke: stopped", file=sys.stderr)
            return 130
    print(json.dumps({**result, "seconds": round(steps.elapsed, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
