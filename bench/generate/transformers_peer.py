#!/usr/bin/env python3
"""Composes with Hugging Face's transformers what Symphony composes, for `symphony bench generate --peers`.

  transformers_peer.py FOLDER PROMPT.json TOKENS float32|bf16 THREADS

FOLDER: what `symphony export` writes. PROMPT.json: a list of token ids. Reads the prompt, then takes TOKENS times the
likeliest token by generate() with its key-value cache. Prints JSON: version, the logits after the prompt, the ids taken, the
median seconds of the prompt alone and of prompt and tokens, of RUNS runs.
"""
import json
import statistics
import sys
import time

import torch
import transformers

RUNS = 3


def seconds_of(work):
    times = []
    for _ in range(1 + RUNS):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:]), result


def main(folder, prompt_file, tokens, precision, threads):
    torch.set_num_threads(int(threads))
    dtype = {"float32": torch.float32, "bf16": torch.bfloat16}[precision]
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    model.eval()
    with open(prompt_file) as file:
        ids = torch.tensor([json.load(file)])
    tokens = int(tokens)
    settings = transformers.GenerationConfig(do_sample=False, max_new_tokens=tokens, min_new_tokens=tokens,
                                             eos_token_id=None, pad_token_id=0, use_cache=True)
    with torch.inference_mode():
        prompt_seconds, last = seconds_of(lambda: model(ids, use_cache=True).logits[0, -1].float())
        all_seconds, made = seconds_of(
            lambda: model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings))
    print(json.dumps({
        "version": f"transformers {transformers.__version__}, PyTorch {torch.__version__}",
        "logits": last.tolist(),
        "ids": made[0, ids.shape[1]:].tolist(),
        "prompt_seconds": prompt_seconds,
        "seconds": all_seconds,
    }))


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
