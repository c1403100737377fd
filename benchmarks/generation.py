"""How fast a worker lets models answer, against the models alone.

    python -m benchmarks.generation --json

Starts its own PostgreSQL and broker. The bundled model in the worker is measured against a bare loop over
`model.generate` with the same prompts in the same batches; a stub server of fixed latency against a bare
asyncio client with as many requests in flight. Both sides take turns in the same run.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.span import Span, read_clocks, since

INSIDE = "TOUCHSTONE_BENCHMARK"
ROOT = Path(__file__).resolve().parent.parent


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prompts", type=int, default=48, help="for the model, in each round")
    parser.add_argument("--tokens", type=int, default=32, help="of an answer at most")
    parser.add_argument("--batch-tokens", type=int, default=4096, help="of one call of the model")
    parser.add_argument("--requests", type=int, default=1000, help="to the stub server, in each round")
    parser.add_argument("--in-flight", type=int, default=16)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds of the stub server")
    parser.add_argument("--rounds", type=int, default=3, help="of ours and the peer, in turns")
    parser.add_argument("--json", action="store_true", help="print nothing but one line of JSON")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    begun = read_clocks()
    result = {**measure_model(options), **measure_http(options)}
    took: Span = since(begun)
    return {**result, "cores_used_by_others": round(took.others, 2)}


def measure_model(options: argparse.Namespace) -> dict[str, Any]:
    """Tokens a second that the worker brings, and the bare loop; the same batches with the same seeds."""
    from apps.generation.providers.base import ModelSpec
    from apps.generation.providers.memory import load_model
    from apps.generation.sampling import Sampling
    from benchmarks.generation_data import add_run, create_benchmark_project
    from benchmarks.generation_peers import generate_bare, read_batches

    sampling = Sampling(max_new_tokens=options.tokens)
    project = create_benchmark_project("The model")
    device = load_model(ModelSpec("bundled")).model.device.type
    seconds = bare_seconds = 0.0
    tokens = bare_tokens = rows = 0
    for seed in range(options.rounds + 1):
        number = options.prompts if seed else 8  # the first warms both up
        config = {"sampling": sampling, "batch_tokens": options.batch_tokens}
        run = add_run(project, number=number, seed=seed, **config)
        took = work_off(number)
        bare_took, bare_count = generate_bare(read_batches(run), sampling)
        if seed:
            seconds, bare_seconds = seconds + took, bare_seconds + bare_took
            tokens += sum(run.responses.values_list("tokens_out", flat=True))
            bare_tokens, rows = (
                bare_tokens + bare_count,
                max(rows, *(len(b.order) for b in run.batches.all())),
            )
    return {
        "tokens_per_s": round(tokens / seconds, 1),
        "bare_tokens_per_s": round(bare_tokens / bare_seconds, 1),
        "share_of_bare_model": round(tokens / seconds / (bare_tokens / bare_seconds), 3),
        "tokens": tokens,
        "bare_tokens": bare_tokens,
        "rows_at_most": rows,
        "device": device,
    }


def measure_http(options: argparse.Namespace) -> dict[str, Any]:
    from benchmarks.generation_data import add_run, create_benchmark_project
    from benchmarks.generation_peers import ask_bare
    from benchmarks.stub import run_stub

    project = create_benchmark_project("The server")
    seconds = bare_seconds = 0.0
    with run_stub(options.latency) as url:
        config = {"provider": "openai", "model": "stub-1", "base_url": url, "in_flight": options.in_flight}
        for seed in range(options.rounds + 1):
            number = options.requests if seed else 100  # the first warms both up
            run = add_run(project, number=number, seed=seed, **config)
            took = work_off(number)
            bodies = [
                {"model": "stub-1", "messages": messages, "temperature": 0.7, "max_tokens": 256, "seed": 1}
                for messages in run.prompts.values_list("messages", flat=True)
            ]
            bare_took = ask_bare(url, bodies, in_flight=options.in_flight)
            if seed:
                seconds, bare_seconds = seconds + took, bare_seconds + bare_took
    asked = options.requests * options.rounds
    return {
        "http_requests_per_s": round(asked / seconds, 1),
        "bare_http_requests_per_s": round(asked / bare_seconds, 1),
        "share_of_bare_http": round(bare_seconds / seconds, 3),
        "in_flight": options.in_flight,
        "latency_s": options.latency,
    }


def work_off(expected: int) -> float:
    """Seconds in which the worker’s own function brought everything that was asked for."""
    from apps.generation.models import Response
    from apps.generation.work import work_off_batches

    before = Response.objects.done().count()
    started = time.perf_counter()
    work_off_batches()
    took = time.perf_counter() - started
    if (brought := Response.objects.done().count() - before) != expected:
        raise RuntimeError(f"{expected} responses were asked for, and {brought} came")
    return took


def main() -> int:
    options = parse_arguments()
    if INSIDE not in os.environ:
        again = [sys.executable, "-m", "benchmarks.generation", *sys.argv[1:]]
        services = [sys.executable, "-m", "apps.core.embedded", "exec", "--temporary", "--", *again]
        settings = {
            "TOUCHSTONE_PROFILE": "local",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TOUCHSTONE_DATA_DIR": str(ROOT / "var"),  # the bundled model is made ready there once
            INSIDE: "1",
        }
        return subprocess.run(services, env={**os.environ, **settings}, check=False).returncode
    result = measure(options)
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:26} {value}" for name, value in result.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
