#!/usr/bin/env python3
"""An Elman RNN in NumPy: forward, truncated backpropagation through time, clipping, Adam.

The same equations as src/symphony/models/rnn, numbered as in docs/rnn.md, on the same weights: the
parity test compares losses and gradients, the benchmark the speed.

  rnn_numpy.py parity CASE.json          reads weights and tokens, prints losses as JSON
  rnn_numpy.py train SHAPE.json SECONDS  trains on random tokens, prints seconds per step (symphony bench train --peers)
"""
import json
import resource
import sys
import time

import numpy as np

NAMES = ("embedding", "input", "recurrent", "bias", "output", "output_bias")


def softmax(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss_and_gradient(w, inputs, targets, resets, h):
    """inputs, targets, resets: (B,T); h: (B,H), carried. Mean nats, gradient, last state."""
    B, T = inputs.shape
    x, before, states = w["embedding"][inputs], [], []                    # (1) B,T,E
    for t in range(T):
        h = h * (1 - resets[:, t, None])
        before.append(h)
        a = x[:, t] @ w["input"].T + h @ w["recurrent"].T + w["bias"]     # (2)
        h = np.tanh(a)                                                    # (3)
        states.append(h)
    hs, hp = np.stack(states, 1), np.stack(before, 1)
    p = softmax(hs @ w["output"].T + w["output_bias"])                    # (4), (5)
    b, t = np.indices((B, T))
    loss = -np.log(p[b, t, targets]).mean()                               # (6)

    g = {name: np.zeros_like(w[name]) for name in NAMES}
    dy = p.copy()
    dy[b, t, targets] -= 1                                                # (7)
    dy /= B * T
    g["output"] = np.einsum("btv,bth->vh", dy, hs)                        # (8)
    g["output_bias"] = dy.sum((0, 1))                                     # (9)
    dnext = np.zeros_like(h)
    for t in reversed(range(T)):
        dh = dy[:, t] @ w["output"] + dnext                               # (10)
        da = (1 - hs[:, t] ** 2) * dh                                     # (11)
        g["input"] += da.T @ x[:, t]                                      # (12)
        g["recurrent"] += da.T @ hp[:, t]                                 # (13)
        g["bias"] += da.sum(0)                                            # (14)
        np.add.at(g["embedding"], inputs[:, t], da @ w["input"])          # (15)
        dnext = (da @ w["recurrent"]) * (1 - resets[:, t, None])
    return loss, g, h


class Adam:
    def __init__(self, w, beta1=0.9, beta2=0.95):
        self.beta1, self.beta2, self.t = beta1, beta2, 0
        self.m = {n: np.zeros_like(v) for n, v in w.items()}
        self.v = {n: np.zeros_like(v) for n, v in w.items()}

    def step(self, w, g, rate, longest):
        norm = np.sqrt(sum((v.astype(np.float64) ** 2).sum() for v in g.values()))
        scale = longest / norm if norm > longest else 1.0
        self.t += 1
        for n in w:
            d = g[n] * scale
            self.m[n] = self.beta1 * self.m[n] + (1 - self.beta1) * d
            self.v[n] = self.beta2 * self.v[n] + (1 - self.beta2) * d * d
            mean = self.m[n] / (1 - self.beta1 ** self.t)
            square = self.v[n] / (1 - self.beta2 ** self.t)
            w[n] -= rate * mean / (np.sqrt(square) + 1e-8)
        return norm


def parity(path):
    case = json.load(open(path))
    w = {n: np.array(case["weights"][n], dtype=np.float64) for n in NAMES}
    adam, h, losses, norms = Adam(w), None, [], []
    for batch in case["batches"]:
        i, t, r = (np.array(batch[k]) for k in ("inputs", "targets", "resets"))
        h = np.zeros((i.shape[0], w["bias"].size)) if h is None else h
        loss, g, h = loss_and_gradient(w, i, t, r, h)
        losses.append(loss)
        norms.append(adam.step(w, g, case["rate"], case["clip_norm"]))
    print(json.dumps({"losses": losses, "norms": norms}))


def train(path, seconds):
    with open(path) as file:
        s = json.load(file)
    V, E, H, B, T = (s[k] for k in ("vocabulary", "embedding_size", "hidden_size", "batch_size", "sequence_length"))
    rng = np.random.default_rng(1)
    shapes = {"embedding": (V, E), "input": (H, E), "recurrent": (H, H), "bias": (H,),
              "output": (V, H), "output_bias": (V,)}
    w = {n: (rng.standard_normal(size) * 0.05).astype(np.float32) for n, size in shapes.items()}
    adam, h = Adam(w), np.zeros((B, H), np.float32)
    tokens, resets = rng.integers(0, V, (B, T + 1)), np.zeros((B, T), np.float32)
    times, first, end = [], None, time.perf_counter() + float(seconds)
    while len(times) < 4 or time.perf_counter() < end:
        start = time.perf_counter()
        loss, g, h = loss_and_gradient(w, tokens[:, :-1], tokens[:, 1:], resets, h)
        adam.step(w, g, 1e-4, 1.0)
        times.append(time.perf_counter() - start)
        first = loss if first is None else first
    print(json.dumps({"version": np.__version__, "parameters": sum(v.size for v in w.values()),
                      "seconds_per_step": float(np.median(times[1:])), "steps": len(times) - 1, "first_loss": float(first),
                      "peak_memory_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["parity"]:
        parity(sys.argv[2])
    elif sys.argv[1:2] == ["train"] and len(sys.argv) == 4:
        train(*sys.argv[2:])
    else:
        sys.exit(__doc__)
