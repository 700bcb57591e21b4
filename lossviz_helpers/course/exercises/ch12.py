"""The exercises of chapter 12, your own model, and their checks."""

import math

import numpy as np
import torch

from .exercise import _close, _exercise, _hint


@_exercise("12.1")
def _match_loss(loss) -> str:
    logits, y = torch.tensor([2.0, -1.0, 0.5]), torch.tensor([1.0, 0.0, 0.0])
    found = loss({"match": logits, "image": torch.ones(3, 4), "text": torch.ones(3, 4)}, y)
    _hint(found is None, "The function returns nothing. Is there a return?")
    _hint(found is ..., "The function still returns ... : put the loss in its place.")
    _hint(not isinstance(found, torch.Tensor), "A loss stays a tensor: leave out .item().")
    _hint(found.numel() != 1, "One number per call: the mean over the examples.")
    one_by_one = torch.nn.functional.softplus(logits) - y * logits
    _hint(_close(found, one_by_one.sum()), "That is the sum over the examples. Take the mean.")
    _hint(
        _close(found, ((logits - y) ** 2).mean()),
        "Squared error takes logits for probabilities. Which loss is for yes or no?",
    )
    _hint(
        not _close(found, one_by_one.mean()),
        "Take the entry 'match', and a yes/no loss of PyTorch that expects logits.",
    )
    return "Two inputs in, one number out: Objective asks for no more."


@_exercise("12.2")
def _finer_picture(seconds) -> str:
    _hint(
        _close(seconds, 10 * 1.5 / 4 / 8),
        "A third direction multiplies: by how many models along it?",
    )
    _hint(_close(seconds, 10 * 51), "Now the examples and the workers.")
    _hint(_close(seconds, 10 * 51 / 4), "And eight workers share it.")
    _hint(_close(seconds, 10 * 51 / 8), "And each model sees a quarter of the examples.")
    _hint(_close(seconds, 10 / 4 / 8), "A volume has 51 such planes.")
    _hint(
        not _close(seconds, 10 * 51 / 4 / 8, tolerance=0.01),
        "Time is models × examples / workers: what does each of the three change?",
    )
    return "A third direction costs a factor of 51, and the rest pays some of it back."


@_exercise("12.3")
def _how_much_data(n) -> str:
    _hint(_close(n, 400), "Four times the examples only halve the error.")
    _hint(_close(n, 200), "Twice the examples take a third off the error, no more.")
    _hint(float(n) <= 100, "A smaller error takes more examples, not fewer.")
    _hint(not _close(n, 1600), "Solve 0.08 · √(100 / n) = 0.02 for n: the error falls like 1/√n.")
    return "A quarter of the error, sixteen times the examples."


@_exercise("12.4")
def _window_and_walls(walls, share, anew) -> str:
    guess, reach, ends = math.log(10), walls.axes[0][-1], walls.loss[[0, -1]]
    _hint(
        not _close(walls.axes[0][0], -reach), "Take the window from −r to r, the net in its middle."
    )
    _hint(
        ends.min() < guess,
        f"At the ends of your window the loss is {ends[0]:.1f} and {ends[1]:.1f}. Both must reach "
        "that of a guess: go further out.",
    )
    inside = np.abs(walls.axes[0][walls.loss < guess]).max()
    _hint(
        inside < 0.8 * reach,
        f"A guess is reached at {inside / reach:.0%} of the way to the edge already, and walls of "
        f"{ends.max():.1f} hide the rest. Come closer.",
    )
    drawn, own = ends[1], float(anew(walls.slice.point(float(reach))))
    _hint(_close(share, own / drawn), "That is the share that stays. Which one vanishes?")
    _hint(_close(share, drawn - own), "That is the loss that vanishes. Which share is it?")
    _hint(_close(share, drawn / own), "Divide by the loss as it is drawn, not by the other.")
    _hint(_close(share, drawn / own - 1), "Divide by the loss as it is drawn, not by the other.")
    _hint(
        not _close(share, 1 - own / drawn, tolerance=0.02),
        "Compare walls.loss[-1] with anew(θ) at the same model, walls' right end.",
    )
    return "Before you call a wall high, ask what it is made of."
