"""`make acceptance`: prints a line per step, and at the end one line of JSON."""

import json
import os
import sys
import tempfile
import traceback
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

from tests.acceptance.real_data import FOLDER, list_missing
from tests.acceptance.stage import running_stage
from tests.acceptance.story import go_the_whole_way
from tests.smoke.checks import MismatchError
from tests.smoke.server import manage, read_logs
from tests.smoke.steps import Steps


def main() -> int:
    if missing := list_missing():
        print(f"acceptance: SKIPPED: it needs real data, and {FOLDER} lacks {', '.join(missing)}")
        return 0
    steps = Steps("acceptance")
    with tempfile.TemporaryDirectory(prefix="touchstone-acceptance-") as scratch:
        work, logs = Path(scratch), Path(scratch, "logs")
        logs.mkdir()
        os.environ["TOUCHSTONE_DATA_DIR"] = str(work / "data")
        try:
            steps.run("migrate an empty database", lambda: manage("migrate", "--verbosity", "0"))
            with running_stage(work, logs) as stage:
                steps.say("the web server and a worker are up", steps.elapsed)
                result = go_the_whole_way(stage, work, steps)
        except KeyboardInterrupt:
            print("acceptance: stopped", file=sys.stderr)
            return 130
        except Exception as error:
            if not isinstance(error, MismatchError):
                traceback.print_exc()
            print(read_logs(logs), file=sys.stderr)
            said = str(error) or type(error).__name__
            print(f"acceptance: FAILED after {steps.elapsed:.1f} s: {said}", file=sys.stderr)
            return 1
    print(json.dumps({**result, "seconds": round(steps.elapsed, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
