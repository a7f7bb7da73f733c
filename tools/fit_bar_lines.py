#!/usr/bin/env python3
"""Fits the weights of corpus/bar_fit_weights.h: a conditional logit (McFadden 1974) over the ways to bar a piece.

measure_bar_lines DIR... --features --half even > even.txt; fit_bar_lines.py even.txt
Needs numpy. Each line of the input: number of the question, 1 for the true barring else 0, the features.
"""
import sys

import numpy

RIDGE = 1e-3  # keeps weights of accents that say the same thing small
STEPS = 400
ACCENTS = 10  # a row of the weights each place has


def main():
    rows = numpy.loadtxt(sys.argv[1])
    question = rows[:, 0].astype(int)
    start = numpy.flatnonzero(numpy.r_[True, question[1:] != question[:-1]])
    truth, x = rows[:, 1], rows[:, 2:]
    has_truth = numpy.add.reduceat(truth, start) > 0
    size = numpy.diff(numpy.r_[start, len(rows)])
    keep = numpy.repeat(has_truth, size)
    truth, x, size = truth[keep], x[keep], size[has_truth]
    start = numpy.r_[0, numpy.cumsum(size)[:-1]]
    count = len(start)

    def probabilities(w):
        s = x @ w
        s = numpy.exp(s - numpy.repeat(numpy.maximum.reduceat(s, start), size))
        return s / numpy.repeat(numpy.add.reduceat(s, start), size)

    w = numpy.zeros(x.shape[1])
    for _ in range(STEPS):  # Newton's method, damped
        p = probabilities(w)
        gradient = x.T @ (truth - p) / count - RIDGE * w
        mean = numpy.add.reduceat(x * p[:, None], start)
        hessian = (x * p[:, None]).T @ x / count - mean.T @ mean / count + RIDGE * numpy.eye(len(w))
        step = numpy.linalg.solve(hessian, gradient)
        w += step * min(1, 2 / (numpy.abs(step).max() + 1e-9))
        if numpy.abs(step).max() < 1e-6:
            break
    p = probabilities(w)
    best = numpy.maximum.reduceat(p, start)
    of_truth = numpy.add.reduceat(p * truth, start)
    print(f"// {count} questions, {numpy.mean(of_truth >= best - 1e-12):.3f} answered right, "
          f"{-numpy.log(of_truth).mean():.3f} nats")
    for row in range(0, len(w), ACCENTS):
        print(", ".join(f"{v:.3f}" for v in w[row:row + ACCENTS]) + ",")


main()
