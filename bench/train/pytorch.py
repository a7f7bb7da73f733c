#!/usr/bin/env python3
"""Trains one of the shapes of bench/models in PyTorch, on random tokens, as a careful user of PyTorch would.

  pytorch.py SHAPE.json float32|bf16 eager|compile SECONDS

SHAPE.json: what `symphony bench` writes: model (transformer, lstm), vocabulary, layers, hidden_size, heads,
intermediate_size, embedding_size, batch_size, sequence_length, rope_theta, epsilon, threads. bf16 is autocast; compile is
torch.compile of forward, loss and backward. Prints JSON: version, parameters, the median seconds of a step (forward,
backward, clipping, AdamW) after warming up, peak memory in bytes, the first loss (ln vocabulary, if all is well).
"""
import contextlib
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

WARM_UP_STEPS = 3


class Attention(nn.Module):
    def __init__(self, width, heads, length, theta):
        super().__init__()
        self.heads = heads
        self.qkv, self.o = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        half = width // heads // 2
        angles = torch.outer(torch.arange(length), theta ** (-torch.arange(half) / half))
        self.register_buffer("cos", angles.cos().repeat(1, 2), persistent=False)
        self.register_buffer("sin", angles.sin().repeat(1, 2), persistent=False)

    def turn(self, x_BHTD):
        a, b = x_BHTD.chunk(2, dim=-1)
        return x_BHTD * self.cos.to(x_BHTD.dtype) + torch.cat((-b, a), -1) * self.sin.to(x_BHTD.dtype)

    def forward(self, x_BTC):
        B, T, C = x_BTC.shape
        q, k, v = self.qkv(x_BTC).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(self.turn(q), self.turn(k), v, is_causal=True)
        return self.o(y.transpose(1, 2).reshape(B, T, C))


class Block(nn.Module):
    def __init__(self, s):
        super().__init__()
        width, inner = s["hidden_size"], s["intermediate_size"]
        self.input_norm, self.post_norm = (nn.RMSNorm(width, eps=s["epsilon"]) for _ in range(2))
        self.attention = Attention(width, s["heads"], s["sequence_length"], s["rope_theta"])
        self.gate_up, self.down = nn.Linear(width, 2 * inner, bias=False), nn.Linear(inner, width, bias=False)

    def forward(self, x):
        x = x + self.attention(self.input_norm(x))
        gate, up = self.gate_up(self.post_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Transformer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.embedding = nn.Embedding(s["vocabulary"], s["hidden_size"])
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.blocks = nn.Sequential(*(Block(s) for _ in range(s["layers"])))
        self.norm = nn.RMSNorm(s["hidden_size"], eps=s["epsilon"])

    def forward(self, ids_BT):
        return F.linear(self.norm(self.blocks(self.embedding(ids_BT))), self.embedding.weight)


class Lstm(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.embedding = nn.Embedding(s["vocabulary"], s["embedding_size"])
        self.lstm = nn.LSTM(s["embedding_size"], s["hidden_size"], s["layers"], batch_first=True)
        self.output = nn.Linear(s["hidden_size"], s["vocabulary"])

    def forward(self, ids_BT):
        return self.output(self.lstm(self.embedding(ids_BT))[0])


def main(shape_file, precision, mode, seconds):
    with open(shape_file) as file:
        s = json.load(file)
    torch.manual_seed(1)
    torch.set_num_threads(s["threads"])
    network = {"transformer": Transformer, "lstm": Lstm}[s["model"]](s)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4, fused=True)
    tokens = torch.randint(s["vocabulary"], (s["batch_size"], s["sequence_length"] + 1))
    bf16 = precision == "bf16"

    def loss_of(inputs_BT, targets_BT):
        with torch.autocast("cpu", torch.bfloat16) if bf16 else contextlib.nullcontext():
            logits = network(inputs_BT)
        return F.cross_entropy(logits.float().flatten(0, 1), targets_BT.flatten())

    run = torch.compile(loss_of) if mode == "compile" else loss_of
    inputs, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = run(inputs, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        return loss.item()

    first = [step() for _ in range(WARM_UP_STEPS)][0]
    times, end = [], time.perf_counter() + float(seconds)
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(json.dumps({
        "version": torch.__version__,
        "parameters": sum(p.numel() for p in network.parameters()),
        "seconds_per_step": statistics.median(times),
        "steps": len(times),
        "peak_memory_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "first_loss": first,
    }))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
