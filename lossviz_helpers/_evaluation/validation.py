"""The checks that a model has to pass before its landscape is trusted.

A model is tested on a few examples, with copies that are thrown away. Copies at its own point and
at another one give the reference results, by plain calls and a plain backward pass; every evaluator
has to agree with them.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor, nn

from .._checks.independence import check_examples_independent, decomposes, is_batch_first
from .._checks.loss import check_loss, check_loss_of_part
from .._checks.model import check_calls, check_drawn
from .._inputs.examples import Examples, tensors_of
from .fastest import Fastest
from .kernels import PlainAttention
from .reference import Reference
from .sizes import Sizes
from .space import Space
from .threads import on_threads, on_threads_for
from .trial import evaluators_of
from .weights import with_weights

TRIAL_EXAMPLES = 48  # a model and its loss are first tested on a sample of this size


class EvaluationOptions(NamedTuple):
    """How the user wants the model to be evaluated; None for the default.

    Attributes:
        batch_size: examples to evaluate at once.
        threads: number of CPU threads.
        budget: bytes of memory.
        compile: whether to compile the evaluation.
        all_examples: whether BatchNorm statistics are measured at each point, which takes all
            examples at once.
    """

    batch_size: int | None
    threads: int | None
    budget: int | None
    compile: bool
    all_examples: bool


@dataclass(frozen=True)
class ValidatedModel:
    """A model that has passed the checks, and how to evaluate it.

    Attributes:
        evaluator: computes losses and outputs.
        sizes: how much is evaluated at once.
        batch_size: examples at once.
        examples: the examples, with their weights if the loss is a weighted mean.
        has_custom_backward: whether part of the model has a custom backward pass.
    """

    evaluator: Fastest
    sizes: Sizes
    batch_size: int
    examples: Examples
    has_custom_backward: bool


def validate(
    space: Space,
    model: nn.Module,
    loss: Callable[..., Tensor],
    examples: Examples,
    options: EvaluationOptions,
    drawn: Callable[[], bool],
) -> ValidatedModel:
    """Check a model and its loss on some examples, and choose how to evaluate them.

    Args:
        space: the points.
        model: the module that is evaluated.
        loss: a function of outputs and targets.
        examples: all of them.
        options: what the user asked for.
        drawn: says whether random numbers were drawn.

    Raises:
        ValueError: if the loss isn't a function of the point, or the batch size that was
            asked for is impossible.
    """
    sample, test_model = examples.sample(TRIAL_EXAMPLES), copy.deepcopy(model)
    with on_threads(options.threads or 1):
        outputs = check_calls(test_model, sample, len(examples))
        batch, own = sample, outputs
        if not options.all_examples:
            batch, own = check_examples_independent(test_model, sample, outputs)
        sizes = Sizes.measured(test_model, examples, space.P, options.budget)
    size = _batch_size(sizes, len(examples), options)
    with on_threads_for(sizes.flops * size, options.threads), PlainAttention():
        check_loss(test_model, loss, outputs, sample, examples)
        check_loss_of_part(loss, own, batch.y)
        examples = with_weights(test_model, loss, examples, size)
        batch = with_weights(test_model, loss, batch, size)
        reference = Reference.of(space, model, loss, batch, tensors_of(own))
        check_drawn(drawn, type(model).__name__)
        if size < len(examples):
            lead = is_batch_first(outputs, len(sample)) and is_batch_first(own, len(batch))
            tried = batch, reference.moved_outputs if lead else None
            if not decomposes(reference.moved_model, loss, examples, *tried, size):
                size = _all_at_once(size, len(examples), options)
        # small batches leave room for several points
        batches = sizes.stack(min(32, size)) > 1
        evaluators = evaluators_of(space, model, loss, reference, batches, options.compile)
    fastest = Fastest(evaluators, type(space.model).__name__)
    return ValidatedModel(fastest, sizes, size, examples, reference.has_custom_backward)


def decomposes_over(
    space: Space, model: nn.Module, loss: Callable[..., Tensor], examples: Examples
) -> bool:
    """Whether the loss is a mean over the examples, tested on a sample and on halves."""
    sample, half = examples.sample(TRIAL_EXAMPLES), max(1, len(examples) // 2)
    reference = Reference.of(space, model, loss, sample, [])
    return decomposes(reference.moved_model, loss, examples, sample, None, half)


def _batch_size(sizes: Sizes, N: int, options: EvaluationOptions) -> int:
    """How many of N examples are evaluated at once."""
    if not options.all_examples:
        return min(options.batch_size or sizes.batch(N), N)
    if options.batch_size is not None and options.batch_size < N:
        raise ValueError(
            "statistics='own' needs all examples at once, so they can't be evaluated "
            f"{options.batch_size} at a time; leave out batch_size, or use fewer examples"
        )
    return N


def _all_at_once(size: int, N: int, options: EvaluationOptions) -> int:
    """N, if the loss isn't a mean over the examples."""
    if options.batch_size is not None:
        raise ValueError(
            f"the loss isn't a mean over the examples, so it can't be computed {size} at a time; "
            "return a mean, or leave out batch_size to evaluate all at once"
        )
    return N
