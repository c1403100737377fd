"""The limits: a bare loop over `model.generate`, and a bare asyncio client. Nothing is checked or stored."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

import aiohttp
import torch

from apps.generation.models import Batch, Run
from apps.generation.providers.base import ModelSpec
from apps.generation.providers.memory import load_model
from apps.generation.sampling import Sampling

Messages = list[dict[str, str]]


def read_batches(run: Run) -> list[tuple[int, list[Messages]]]:
    """What the run's calls were given, with their seeds, in their order."""
    by_uid = {str(uid): messages for uid, messages in run.responses.values_list("uid", "prompt__messages")}
    batches: Iterator[Batch] = run.batches.order_by("position").iterator()
    return [(batch.seed, [by_uid[uid] for uid in batch.order]) for batch in batches]


def generate_bare(batches: Sequence[tuple[int, list[Messages]]], sampling: Sampling) -> tuple[float, int]:
    """Seconds that the loop took, and tokens that it brought."""
    loaded = load_model(ModelSpec("bundled"))
    model, tokenizer = loaded.model, loaded.tokenizer
    tokenizer.padding_side = "left"
    tokenizer.pad_token_id = loaded.pad_id
    started, tokens = time.perf_counter(), 0
    for seed, conversations in batches:
        torch.manual_seed(seed)
        inputs = tokenizer.apply_chat_template(
            conversations, add_generation_prompt=True, padding=True, return_tensors="pt", return_dict=True
        ).to(model.device)
        with torch.inference_mode():
            output = model.generate(
                **inputs,
                do_sample=True,
                temperature=sampling.temperature,
                top_p=sampling.top_p,
                top_k=sampling.top_k,
                max_new_tokens=sampling.max_new_tokens,
                eos_token_id=list(loaded.end_ids),
                pad_token_id=loaded.pad_id,
            )
        written = output[:, inputs["input_ids"].shape[1] :]
        tokenizer.batch_decode(written, skip_special_tokens=True)
        ends = torch.isin(written, torch.tensor([*loaded.end_ids, loaded.pad_id], device=written.device))
        tokens += int((~ends).sum())
    return time.perf_counter() - started, tokens


def ask_bare(url: str, bodies: Sequence[dict[str, Any]], *, in_flight: int) -> float:
    """Seconds that it took `in_flight` coroutines to send all of them."""
    return asyncio.run(_ask_all(f"{url}/chat/completions", bodies, in_flight))


async def _ask_all(url: str, bodies: Sequence[dict[str, Any]], in_flight: int) -> float:
    waiting = iter(bodies)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight)) as session:

        async def work() -> None:
            for body in waiting:
                async with session.post(url, json=body) as response:
                    (await response.json())["choices"][0]["message"]["content"]

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(in_flight)))
        return time.perf_counter() - started
