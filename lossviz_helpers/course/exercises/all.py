"""Checks of learners' answers, with feedback that names the likely mistake.

In a notebook: `check("02.1", answer)`. A check never fails with a traceback and never gives the
solution away.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import torch

from ...curvature import eigenpairs
from ...datasets import diagonal, digits, with_label_noise, xor
from ...losses import accuracy, binary_cross_entropy, cross_entropy, squared_error
from ...models import deep_net, digit_classifier, model_1, model_3
from ...objective import Objective
from ...scanning import scan
from ...slices import Slice, random_walk_variance
from ...training import Trajectory, descend

_CHECKS: dict[str, Callable[..., str]] = {}


class _NotYetError(Exception):
    """The answer is wrong; the message says what the learner may have overlooked."""


def check(number: str, *answer) -> None:
    """Say whether the answer to an exercise is right, and if not, what to look at again.

    Args:
        number: the exercise, as its heading says.
        answer: whatever the exercise asks for; `...` stands for no answer yet.

    Raises:
        ValueError: if there is no such exercise.

    >>> check("02.1", ...)
    Exercise 02.1 waits for your answer: put it in place of the ... and run the cell again.
    """
    if number not in _CHECKS:
        raise ValueError(f"there is no exercise {number!r}; there are {', '.join(sorted(_CHECKS))}")
    if any(a is ... for a in answer):
        print(
            f"Exercise {number} waits for your answer: put it in place of the ... and run the cell "
            "again."
        )
        return
    try:
        print("✓ Right.", _CHECKS[number](*answer))
    except _NotYetError as hint:
        print("✗ Not yet.", hint)
    except Exception as err:  # whatever a learner's own code does wrong belongs to the feedback
        print(f"✗ Not yet. The check could not use this answer ({type(err).__name__}: {err}).")


def _exercise(number: str) -> Callable:
    def register(function: Callable[..., str]) -> Callable[..., str]:
        _CHECKS[number] = function
        return function

    return register


def _hint(wrong: bool, message: str) -> None:
    if wrong:
        raise _NotYetError(message)


def _close(a: float, b: float, tolerance: float = 1e-3) -> bool:
    return math.isclose(float(a), b, rel_tol=tolerance, abs_tol=tolerance)


# -- 01 loss functions -----------------------------------------------------------------------------


@_exercise("01.1")
def _surprise_of_a_guess(nats, bits) -> str:
    right, in_bits = math.log(50_000), math.log2(50_000)
    _hint(
        _close(nats, in_bits) and _close(bits, right),
        "The two are swapped: a bit is smaller than a nat, so there are more bits.",
    )
    _hint(
        _close(nats, math.log10(50_000)),
        "That is the logarithm to base 10. Nats take the natural logarithm: math.log(…).",
    )
    _hint(_close(nats, 1 / 50_000), "That is the probability. Surprise is −ln of it.")
    _hint(_close(nats, -right), "The size is right, the sign is not: surprise is −ln of 1/50000.")
    _hint(not _close(nats, right), "What is −ln of the probability that a guess gives each word?")
    _hint(
        _close(bits, right * math.log(2)),
        "Nats become bits by dividing by ln 2, not by multiplying.",
    )
    _hint(not _close(bits, in_bits), "The nats are right. One bit is ln 2 nats: how many fit in?")
    return "A guess among K classes has a surprise of ln K nats."


@_exercise("01.2")
def _losses_that_disagree(A, B) -> str:
    A, B = (torch.as_tensor(v, dtype=torch.float64).flatten() for v in (A, B))
    _hint(
        len(A) != len(B),
        f"A and B predict the same examples, so they need equally many numbers; got {len(A)} and "
        f"{len(B)}.",
    )
    _hint(
        len(A) == 1,
        "With one example both losses prefer the prediction that is closer to 1. Take several.",
    )
    both = torch.cat([A, B])
    _hint(
        bool((both < 0).any() or (both > 1).any()),
        "A prediction is a probability here: a number from 0 to 1.",
    )
    # negative: the loss prefers A
    squared, cross = (
        (loss(A, torch.ones_like(A)) - loss(B, torch.ones_like(B))).item()
        for loss in (squared_error, binary_cross_entropy)
    )
    _hint(
        squared > 0 and cross < 0,
        "They disagree, but the other way round: squared error should prefer A.",
    )
    _hint(
        squared < 0 and cross <= 0,
        "Both losses prefer A. For which mistake does cross-entropy charge without limit, while "
        "squared error never charges more than 1?",
    )
    _hint(
        squared > 0 and cross > 0,
        "Both losses prefer B. Let A be better on most examples.",
    )
    _hint(not (squared < 0 < cross), "At least one of the losses finds A and B equally good.")
    return "Same predictions, two losses, two winners: each has its own price for a large mistake."


@_exercise("01.3")
def _mean_of_batches(mean_loss) -> str:
    sizes, losses = (300, 300, 300, 100), (0.20, 0.30, 0.25, 0.90)
    total = sum(n * loss for n, loss in zip(sizes, losses, strict=True))
    _hint(
        _close(mean_loss, sum(losses) / 4),
        "That is the plain mean of the four: it gives 100 examples as much say as 300.",
    )
    _hint(_close(mean_loss, sum(losses)), "That is the sum of the four means.")
    _hint(_close(mean_loss, total), "That is the sum over all examples. How many are there?")
    _hint(_close(mean_loss, total / 1200), "The last batch has 100 examples, so N is not 1200.")
    _hint(
        not _close(mean_loss, total / 1000),
        "Each batch's sum is its mean times its size. Add the sums and divide by N.",
    )
    return "Every example has the same say, whichever batch it was in."


# -- 02 models as points ---------------------------------------------------------------------------


@_exercise("02.1")
def _grid_cost(evaluations) -> str:
    _hint(
        _close(evaluations, 50 * 13),
        "That is 50 · 13. Does a second axis add points, or multiply them?",
    )
    _hint(
        _close(evaluations, 13**50), "Base and exponent are swapped: which of the two is repeated?"
    )
    _hint(
        not _close(evaluations / 50**13, 1),
        "Each of the 13 axes has 50 values, in every combination.",
    )
    return "Every axis multiplies the number of models by 50."


@_exercise("02.2")
def _best_model_1(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"Model 1 has 2 parameters, got {theta.numel()} numbers.")
    best = torch.tensor([-4 / 7, 10 / 7], dtype=torch.float64)
    _hint(
        bool((theta.flip(0) - best).norm() < 0.15),
        "The numbers are right but swapped: θ starts with the weight of x₁.",
    )
    _hint(
        bool((theta - best).norm() >= 0.15),
        "There is a lower point: set the gradient to zero, or train for longer.",
    )
    return "Above the diagonal x₂ counts for it and x₁ against it: that is what the signs say."


@_exercise("02.3")
def _accuracy_of_best(share) -> str:
    L = Objective(model_1(), diagonal(), squared_error)
    best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    right = accuracy(L.predict(best), L.y)
    loss = L(best).item()
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, loss, 0.01), "That is the loss. Accuracy counts the right decisions.")
    _hint(_close(share, 1 - loss, 0.01), "Accuracy is not one minus the loss: count decisions.")
    _hint(not _close(share, right, 0.02), "Train until the loss no longer falls, then count again.")
    return "Far from zero loss, and yet nearly every decision is right."


# -- 03 linear interpolation -----------------------------------------------------------------------


@_exercise("03.1")
def _quarter_of_the_way(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"A model here has 2 parameters, got {theta.numel()} numbers.")
    A, B = torch.tensor([[0.2, -1.0], [-0.6, 1.4]], dtype=torch.float64)

    def is_at(point):
        return bool((theta - point).norm() < 0.01)

    _hint(is_at(A - 0.25 * (B - A)), "That leads away from B: the direction is θ_B − θ_A.")
    _hint(
        is_at(0.25 * A + 0.75 * B),
        "That is α = 0.75: at a small α there is much of A and little of B.",
    )
    _hint(is_at(0.25 * (B - A)), "That is only the step. It starts at A: add θ_A.")
    _hint(is_at((A + B) / 2), "That is halfway, α = 0.5.")
    _hint(is_at(A + 0.25 * B), "A has to shrink as B grows: the two shares add up to 1.")
    _hint(not is_at(0.75 * A + 0.25 * B), "Take 0.75 times A and 0.25 times B, and add them.")
    return "Three parts A, one part B."


@_exercise("03.2")
def _read_a_barrier(barrier) -> str:
    _hint(_close(barrier, 0.5), "That is the highest loss. A barrier is counted from the ends.")
    _hint(_close(barrier, 0.4), "That is the rise above A alone. B has a loss of its own.")
    _hint(_close(barrier, 0.3), "That is the rise above B alone. A has a loss of its own.")
    _hint(
        _close(barrier, 0.225),
        "That is the rise at α = 0.75. Is there a point that rises further above the line?",
    )
    _hint(
        not _close(barrier, 0.35),
        "At each α, subtract the loss on the straight line between both ends; take the largest.",
    )
    return "At α = 0.5 the loss is 0.50, and the line between the ends 0.15."


@_exercise("03.3")
def _how_many_twins(count) -> str:
    _hint(_close(count, 6), "Those are the orders. For each of them the signs can be chosen too.")
    _hint(_close(count, 8), "Those are the signs. For each choice the units have several orders.")
    _hint(_close(count, 14), "Any order goes with any signs: multiply, don't add.")
    _hint(_close(count, 12), "Every unit can flip its sign on its own, not only all together.")
    _hint(_close(count, 47), "Count the network itself too.")
    _hint(
        _close(count, 36) or _close(count, 54),
        "Three units, each with one of two signs: how many choices are that?",
    )
    _hint(not _close(count, 48), "Count the orders of three units, count the signs, multiply.")
    return "One network, many points: every low place of the landscape exists that often."


# -- 04 PCA slices ---------------------------------------------------------------------------------


@cache  # a second try at an answer is judged at once
def _chosen_walk() -> tuple[Objective, Trajectory]:
    L = Objective(model_3(seed=198), xor(), squared_error)
    return L, descend(L, L.point(), steps=1000, lr=0.03)


@cache
def _agreement(angle: float) -> float:
    L, path = _chosen_walk()
    view = Slice.along(path.points, dims=2)
    tilted = view.turn(1, towards=view.directions[0], degrees=90 - angle)
    loss = scan(L, tilted, resolution=61, extent=((-1.2, 1.2), (-1.2, 1.2))).loss
    return np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1]


@_exercise("04.1")
def _agreement_at_20(agreement) -> str:
    _hint(abs(float(agreement)) > 1, "An agreement (correlation) lies between −1 and 1.")
    _hint(_close(agreement, _agreement(70), 0.02), "That is 70° apart: turn by 90° − 20°.")
    _hint(
        not _close(agreement, _agreement(20), 0.05),
        "Turn by 70°, scan in `window`, and compare the losses with their transpose.",
    )
    return "At 3° the map was nearly its own mirror image; a few degrees more and that is gone."


@_exercise("04.2")
def _null_share(share) -> str:
    one, two = random_walk_variance(steps=1000, P=1_000_000, dims=2)
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, one, 0.02), "That is the share of the first component alone.")
    _hint(float(share) < 1e-3, "Random directions would hold 2/P. PCA chooses its directions.")
    _hint(not _close(share, two, 0.02), "random_walk_variance gives the shares of 1 … dims.")
    return "The colleague's finding is hardly above the null."


@cache
def _losses_of_bias() -> tuple[float, float]:
    """The loss at ✕, and the lowest that its output bias can reach."""
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=2)
    land = scan(L, view, resolution=(121, 81), extent=((-42, 16), (-18, 18)))
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    models = theta.repeat(801, 1)
    models[:, 12] += torch.linspace(-20, 20, 801, dtype=models.dtype)
    return L(theta).item(), L(models).min().item()


@_exercise("04.3")
def _mended_bias(loss) -> str:
    at_cross, best = _losses_of_bias()
    _hint(_close(loss, at_cross, 1e-3), "That is the loss at ✕ itself: change the bias.")
    _hint(
        float(loss) < 0.97 * best,
        "That is lower than the bias alone can get: leave the other twelve parameters as they are.",
    )
    _hint(
        not float(loss) <= 1.03 * best, "It gets lower still: try more values, in both directions."
    )
    return "The slope that the slice hides lies mostly in this one number."


# -- 05 slices like an MRI -------------------------------------------------------------------------

_BLOCK = ((-50, 16), (-18, 18), (-12, 12))


@cache
def _gain_of_finer_grid() -> float:
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=3)
    layers = np.linspace(*_BLOCK[2], 40)
    plane = view.at(2, layers[np.abs(layers).argmin()])
    coarse, fine = (
        scan(L, plane, resolution=n, extent=_BLOCK[:2]).loss.min() for n in ((60, 40), (240, 160))
    )
    return coarse - fine


@_exercise("05.1")
def _finer_grid(difference) -> str:
    _hint(float(difference) < 0, "A finer grid can only find lower points: coarse minus fine.")
    _hint(
        not float(difference) <= 5 * _gain_of_finer_grid() + 1e-3,
        "That is too much: are both maps of the same layer, in the same window?",
    )
    _hint(float(difference) == 0, "The finer grid does find a lower point: is it really finer?")
    return "For looking at basins the coarse grid is fine enough."


@_exercise("05.2")
def _fourth_direction(models) -> str:
    _hint(models == 60 * 40 * 40 + 40, "Layers multiply, they don't add.")
    _hint(models == 60 * 40 * 40, "That is the block of three directions.")
    _hint(models != 60 * 40 * 40 * 40, "Every model of the block appears once in each layer.")
    return "One more direction, 40 times the work."


@cache
def _walk_off_the_slice() -> tuple[float, float]:
    """How far training on leads off the slice, and how far in all."""
    L, path = _chosen_walk()
    view = Slice.pca(path.points, dims=3)
    land = scan(L, view, resolution=(60, 40, 40), extent=_BLOCK)
    theta = view.point(torch.tensor(land.minima()[1].alpha))
    end = descend(L, theta, steps=1000, lr=0.01).end
    return view.distance(end).item(), (end - theta).norm().item()


@_exercise("05.3")
def _share_off_the_slice(share) -> str:
    off, walked = _walk_off_the_slice()
    _hint(
        _close(share, off, 0.02),
        "That is the distance itself: divide it by the length of the walk.",
    )
    _hint(float(share) > 1, "A share is at most 1: which of the two lengths is the longer one?")
    _hint(
        not _close(share, off / walked, 0.05),
        "Divide view.distance(end) by the norm of end − theta_left.",
    )
    return "So the way down leads out of every picture of these three directions."


# -- 06 generalisation -----------------------------------------------------------------------------


@_exercise("06.1")
def _comparable_losses(letters) -> str:
    chosen = {c for c in str(letters).upper() if c.isalpha()}
    _hint(bool(chosen - set("ABCDE")), 'Answer with letters from A to E, such as "AD".')
    _hint(len(chosen) < 2, "Comparing takes at least two models.")
    _hint("C" in chosen, "C's number holds a penalty too: it is not the same function as the rest.")
    _hint("D" in chosen, "D reports another loss: squared error and cross-entropy don't compare.")
    _hint("E" in chosen, "E's number is about other digits, not about the training set.")
    return "Same loss, same data: it does not matter who found the model."


@cache
def _shares_of_noisy_labels() -> tuple[float, float, float]:
    """Share of all noisy labels that are met, and of wrong ones that are repeated, or mended."""
    train, _ = digits(n_train=300)
    noisy = with_label_noise(train, share=0.2)
    L = Objective(digit_classifier(), noisy, cross_entropy)
    models = descend(
        L, L.initial_points(range(5)), 1000, 1e-3, torch.optim.AdamW, 32, every=1000, weight_decay=4
    ).end
    said = L.predict(models).argmax(dim=-1)
    wrong = noisy.y != train.y
    met = [said == noisy.y, (said == noisy.y)[:, wrong], (said == train.y)[:, wrong]]
    return tuple(hits.double().mean().item() for hits in met)


@_exercise("06.2")
def _wrong_labels_repeated(share) -> str:
    of_all, repeated, mended = _shares_of_noisy_labels()
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(
        _close(share, of_all, 0.02),
        "That is the accuracy on all training labels. Look at the wrong ones only.",
    )
    _hint(
        _close(share, mended, 0.03),
        "That is the share it got right in spite of the wrong label. How many did it repeat?",
    )
    _hint(_close(share, 0.2, 0.01), "That is the share of labels that are wrong, before training.")
    _hint(
        not _close(share, repeated, 0.04),
        "Among the examples where noisy.y differs from train.y, count the predictions that equal "
        "noisy.y.",
    )
    return "It fits its training labels worst, because it did not learn the mistakes."


# -- 07 skip connections ---------------------------------------------------------------------------


@_exercise("07.1")
def _normalise_by_hand(direction) -> str:
    direction = torch.as_tensor(direction, dtype=torch.float64)
    _hint(direction.numel() != 4, f"The layer has 4 weights, got {direction.numel()} numbers.")
    direction = direction.reshape(2, 2)
    theta = torch.tensor([[3, 4], [0, 2]], dtype=torch.float64)
    d = torch.tensor([[1, 0], [3, 4]], dtype=torch.float64)

    def is_at(other: torch.Tensor) -> bool:
        return bool((direction - other).norm() < 0.01)

    unit = d / d.norm(dim=1, keepdim=True)
    _hint(is_at(unit), "Every row has length 1 now. It should be as long as the filter's weights.")
    _hint(
        is_at(d * theta.norm(dim=1, keepdim=True)),
        "That multiplies the lengths. First divide each row by its own length.",
    )
    _hint(
        is_at(d / d.norm() * theta.norm()),
        "That normalises the layer as a whole. A filter is what feeds one unit: one row.",
    )
    _hint(
        is_at(d / d.norm(dim=0) * theta.norm(dim=0)),
        "That normalises columns. A row of the matrix holds what feeds one unit.",
    )
    _hint(is_at(theta), "Those are the weights. Keep the direction of each row of raw_direction.")
    _hint(
        not is_at(unit * theta.norm(dim=1, keepdim=True)),
        "For each row: divide the direction by its length, multiply by the length of the weights.",
    )
    return "Each row as long as the weights it changes, whatever their scale."


@cache
def _plateau() -> tuple[np.ndarray, float]:
    """The plane around a deep net that hardly trained, and the loss at its centre."""
    train, _ = digits(n_train=200)
    L = Objective(deep_net(20, skip=False), train, cross_entropy)
    theta = descend(L, L.initial_points([0])[0], steps=300, lr=2e-3, every=300).end
    plane = Slice.random(theta, 2, seed=0, filters=L.filters)
    return scan(L, plane, 21).loss, L(theta).item()


@_exercise("07.2")
def _flat_on_a_plateau(excess_loss) -> str:
    loss, centre = _plateau()
    excess_loss = float(excess_loss)
    _hint(
        _close(excess_loss, loss.mean(), 0.02),
        "That is the mean loss of the plane. The excess is counted from the loss at its centre.",
    )
    _hint(
        _close(excess_loss, centre, 0.02), "That is the training loss: what is the plane above it?"
    )
    _hint(
        _close(excess_loss, loss.max() - centre, 0.02),
        "That is the highest point of the plane. Take the mean.",
    )
    _hint(
        excess_loss > 1,
        "That looks like a network that trained well. Start without the factor √3: "
        "L20.initial_points([0])[0].",
    )
    _hint(
        not abs(excess_loss - (loss.mean() - centre)) < 0.15,
        "Train for 300 steps, scan the filter-normalised plane of seed 0, and subtract the loss at "
        "the end of training from the plane's mean.",
    )
    return "Flatter than any network in the table, and useless: it sits on a plateau."


# -- 08 batch size ---------------------------------------------------------------------------------


@cache
def _batch_size_runs() -> tuple[Objective, Objective, torch.Tensor]:
    """Training and test landscape, and the ends of ten small-batch runs."""
    L, T = (Objective(digit_classifier(), data, cross_entropy) for data in digits(n_train=1000))
    start = L.initial_points(range(10))
    return L, T, descend(L, start, 1000, 0.1, torch.optim.SGD, batch_size=20, every=1000).end


@_exercise("08.1")
def _learning_rate_of_large_batch(lr) -> str:
    lr = float(lr)
    _hint(not lr > 0, "A learning rate is positive.")
    L, T, small = _batch_size_runs()
    start = L.initial_points(range(10))
    large = descend(L, start, 40, lr, torch.optim.SGD, batch_size=500, every=40).end

    def correct(points: torch.Tensor) -> float:
        return 100 * (T.predict(points).argmax(dim=-1) == T.y).double().mean().item()

    gap = correct(small) - correct(large)
    _hint(
        gap > 1 and _close(lr, 0.1), f"That is the old learning rate: {gap:.0f} points are missing."
    )
    _hint(gap > 1 and lr < 1, f"Closer: {gap:.1f} points are missing. Larger steps are possible.")
    _hint(gap > 1, f"Those steps are too large: {gap:.1f} points are missing.")
    return f"Equal epochs, and a gap of {gap:.1f} points: the steps were too small, not the minima."


@_exercise("08.2")
def _sharpening_factor(c) -> str:
    c = float(c)
    _hint(c == 0, "With c = 0 the second layer is divided by zero.")
    _hint(c < 0, "A negative factor turns every ReLU the other way: that is another function.")
    L, _, models = _batch_size_runs()
    theta = models[0]
    p = L.parameters_at(theta)
    parts = (p["0.weight"] * c, p["0.bias"] * c, p["2.weight"] / c, p["2.bias"])
    before, after = (
        eigenpairs(L, point, 1, "highest")[0].item()
        for point in (theta, torch.cat([part.flatten() for part in parts]))
    )
    times = after / before
    _hint(_close(c, 1), "With c = 1 nothing changes.")
    _hint(
        times < 1,
        "That makes it flatter than before. Go further, or the other way.",
    )
    _hint(times < 50, f"The same function, {times:.1f} times as sharp. Go further that way.")
    return f"The same predictions, and {times:.0f} times the sharpness."


# -- 09 sharpness-aware minimisation ---------------------------------------------------------------


@_exercise("09.1")
def _a_step_of_sam(after) -> str:
    after = torch.as_tensor(after, dtype=torch.float64).flatten()
    _hint(after.numel() != 2, f"A point here has 2 numbers, got {after.numel()}.")

    def is_at(*point: float) -> bool:
        return bool((after - torch.tensor(point, dtype=torch.float64)).norm() < 0.005)

    _hint(is_at(2.7, 0.6), "That is a step of gradient descent: the gradient at θ, not at θ + ε.")
    _hint(
        is_at(2.97, 0.84),
        "That steps from the worst point. SAM only borrows the gradient there and steps from θ.",
    )
    _hint(is_at(3.3, 1.4), "That is the worst point near by. Which gradient does it have?")
    _hint(is_at(2.55, -0.2), "ε has length ρ: divide the gradient by its own length first.")
    _hint(is_at(2.73, 0.76), "That looks for the best point near by: ε leads up, so it is added.")
    _hint(is_at(3.33, 1.56), "That walks up: the step is subtracted.")
    _hint(
        not is_at(2.67, 0.44),
        "g = (3, 4) has length 5, so ε = (0.3, 0.4). Take the gradient at θ + ε and step from θ.",
    )
    return "A little further than gradient descent, and more so in the steep direction."


@_exercise("09.2")
def _sharpness_at_one_loss(loss, times) -> str:
    loss, times = float(loss), float(times)
    _hint(loss < 0.015, "That is where SGD and SAM end. The ★ of weight decay lies further left.")
    _hint(not 0.03 < loss < 0.055, "Which training loss is below the ★ of weight decay?")
    _hint(times > 7, "That compares two ★ at different losses. Go straight down from one of them.")
    _hint(times < 0.9, "The other way round: how many times *as sharp* is weight decay?")
    _hint(times < 1.3, "That is SGD's line. SAM's lies below it.")
    _hint(not 1.6 < times < 3.2, "Read λmax at the ★, then on SAM's line straight below. Divide.")
    return "About twice as sharp. The rest is that SAM had a lower training loss."


# -- 10 paths between minima -----------------------------------------------------------------------


@_exercise("10.1")
def _middle_of_a_curve(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"A point here has 2 numbers, got {theta.numel()}.")

    def is_at(*point: float) -> bool:
        return bool((theta - torch.tensor(point, dtype=torch.float64)).norm() < 0.01)

    _hint(is_at(2, 3), "That is C. The curve is pulled towards C, but does not pass through it.")
    _hint(is_at(2, 0), "That is the middle of the straight line: C pulls the curve up.")
    _hint(is_at(1, 0.75) or is_at(1.5, 0.75), "C counts twice: its share is 2t(1 − t).")
    _hint(is_at(2, 0.75), "C counts twice: its share is 2t(1 − t).")
    _hint(is_at(4 / 3, 1) or is_at(2, 1), "The three shares at t = 0.5 are ¼, ½ and ¼, not thirds.")
    _hint(not is_at(2, 1.5), "Put t = 0.5 into the formula: which shares do A, C and B get?")
    return "A quarter of A, half of C, a quarter of B."


@_exercise("10.2")
def _match_by_hand(order) -> str:
    likeness = np.array([[9, 8, 1], [8, 3, 2], [2, 3, 4]])
    order = [int(unit) for unit in order]
    _hint(len(order) != 3, f"Each of the three units of A needs a partner, got {len(order)}.")
    _hint(sorted(order) == [1, 2, 3], "Units are counted from 0: the units of B are 0, 1 and 2.")
    _hint(sorted(order) != [0, 1, 2], "Every unit of B must be used exactly once.")
    _hint(
        order == [0, 1, 2],
        "That is the best partner for A0 first, then for the rest. What does A1 lose by it?",
    )
    best = likeness[[0, 1, 2], order].sum()
    _hint(best < 20, f"The similarities of this order add up to {best}. More is possible.")
    return "Second best for A0, best for all three together."


@_exercise("10.3")
def _shuffle_then_match(before, after) -> str:
    before, after = float(before), float(after)
    _hint(before < 1e-3 < after, "The two are swapped: matching comes second.")
    _hint(before < 1e-3, "Two different orders should have a barrier: did you use two seeds?")
    _hint(
        after > before / 2,
        "After matching something is still between them. Match the second copy to the first: "
        "match_weights(L, one_copy, two_copy).",
    )
    _hint(
        after > 1e-3,
        "Both copies are the same network, so matching should bring them to the same point. Is "
        "one of the two a shuffle of another network?",
    )
    return "The same network, listed in two ways: matching finds the order again exactly."


# -- 11 beyond loss --------------------------------------------------------------------------------


@_exercise("11.1")
def _low_enough(loss) -> str:
    right = math.log(2) / 5000
    _hint(
        _close(float(loss) / math.log(2), 1), "That is the least cost of one mistake. L is a mean."
    )
    _hint(_close(float(loss) * 5000, 1), "A mistake costs at least −ln ½, not 1.")
    _hint(_close(float(loss) * 5000, math.log(10)), "That is the cost of a pure guess among ten.")
    _hint(float(loss) <= 0, "Cross-entropy never gets to zero, and need not.")
    _hint(
        not _close(float(loss) / right, 1),
        "What does one mistake cost at least? Divide it by the number of examples.",
    )
    return "Below that, there is no room for even one mistake."


@_exercise("11.2")
def _calibration_by_hand(error) -> str:
    _hint(float(error) > 1, "An error of calibration is a share, from 0 to 1.")
    _hint(
        _close(error, 0.6 * 0.4 - 0.4 * 0.15),
        "Too sure here does not make up for not sure enough there: take absolute values.",
    )
    _hint(_close(error, (0.4 + 0.15) / 2), "Each bin counts with its share of the decisions.")
    _hint(_close(error, 0.4), "That is the first bin alone, or the worst bin.")
    _hint(_close(error, 0.15), "That is the second bin alone.")
    _hint(_close(error, 0.4 + 0.15), "That is the plain sum over the bins. Weigh them.")
    _hint(
        not _close(error, 0.3),
        "For each bin: the distance between how sure and how often right, times its share.",
    )
    return "Six decisions too sure by 40 points, four not sure enough by 15."


@_exercise("11.3")
def _mean_over_groups(share) -> str:
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, 0.06), "The groups are not of equal size: 4% is no plain mean of the two.")
    _hint(_close(share, 0.02), "That is the difference of the two shares, or group 1 itself.")
    _hint(
        _close(share, 0.021), "That is how much group 2 adds to the mean. How large is the group?"
    )
    _hint(
        not _close(share, 0.42), "Write the mean as 0.95 · 0.02 + 0.05 · x = 0.04, and solve for x."
    )
    return "96% right overall, and nearly every second decision wrong for one in twenty."


# -- 12 your own model -----------------------------------------------------------------------------


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
