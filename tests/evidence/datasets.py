"""What every dataset has to prove, and what to fix if it can't.

Each function takes a name and its `Facts`, and raises an AssertionError that says what to change.
"""

import inspect

import torch

from lossviz_helpers import Dataset, datasets
from lossviz_helpers.datasets import DATASETS, Facts


def every_dataset_is_listed() -> None:
    made = {name: f for name, f in vars(datasets).items() if inspect.isfunction(f)}
    missing = [
        name
        for name, f in made.items()
        if f.__module__ == datasets.__name__
        and name[0] != "_"
        and "seed" in inspect.signature(f).parameters
        and "data" not in inspect.signature(f).parameters  # which changes another dataset
        and name not in DATASETS
    ]
    assert not missing, (
        f"{', '.join(missing)}: put @dataset(examples=…, inputs=…, classes=…, window=…) above it, "
        "with what is known about the data"
    )


def it_says_what_it_takes(name: str, facts: Facts) -> None:
    text = inspect.getdoc(facts.load) or ""
    for part in ("Args:", "Returns:", "Raises:", ">>> "):
        assert part in text, f"{name}: its docstring has no {part.strip()}"
    taken = inspect.signature(facts.load).parameters
    for part in ("seed", "dtype"):
        assert part in taken, f"{name} takes no {part}"


def it_has_the_size_that_it_says(name: str, facts: Facts) -> None:
    parts = loaded(facts)
    counts = tuple(len(part.x) for part in parts)
    assert counts == facts.examples, f"{name} has {counts} examples, its facts say {facts.examples}"
    for x, y in parts:
        assert x.shape[1:] == facts.inputs, (
            f"{name} has inputs of shape {tuple(x.shape[1:])}, its facts say {facts.inputs}"
        )
        assert len(y) == len(x), f"{name} has {len(x)} inputs and {len(y)} targets"


def its_classes_are_those_that_it_says(name: str, facts: Facts) -> None:
    for _, y in loaded(facts):
        if facts.classes is None:
            assert y.is_floating_point(), f"{name}: targets that are numbers are floats"
            continue
        expected, found = list(range(facts.classes)), y.unique().tolist()
        assert found == expected, f"{name} has the classes {found}, its facts say {expected}"
        assert y.dtype == torch.int64 or facts.classes == 2, (
            f"{name}: more than two classes are numbered in torch.int64, got {y.dtype}"
        )


def its_inputs_lie_where_it_says(name: str, facts: Facts) -> None:
    x = torch.cat([part.x for part in loaded(facts)]).double()
    low, high = x.min().item(), x.max().item()
    assert facts.window[0] <= low <= high <= facts.window[1], (
        f"{name} has inputs from {low:.3g} to {high:.3g}, its facts say {facts.window}"
    )
    off = x.mean(dim=0).abs().max().item()
    assert (off < 1e-5) == facts.centred, (
        f"{name} has inputs whose mean is up to {off:.2g}, its facts say centred={facts.centred}"
    )


def its_targets_follow_its_rule(name: str, facts: Facts) -> None:
    for x, y in loaded(facts):
        if facts.rule is not None:
            for inputs, target in zip(x.tolist(), y.tolist(), strict=True):
                expected = facts.rule(inputs)
                assert target == expected, (
                    f"{name}: the target of {inputs} is {target}, its rule says {expected}"
                )


def a_seed_and_nothing_else_decides(name: str, facts: Facts) -> None:
    state = torch.random.get_rng_state()
    one, again, other = (torch.cat([p.x for p in loaded(facts, seed=s)]) for s in (1, 1, 2))
    assert torch.equal(one, again), f"{name}: one seed gives two datasets; use a torch.Generator"
    assert not torch.equal(one, other), f"{name}: its seed changes nothing"
    assert torch.equal(torch.random.get_rng_state(), state), (
        f"{name} changes PyTorch's random state; take torch.Generator().manual_seed(seed)"
    )


def its_inputs_have_the_dtype_that_was_asked_for(name: str, facts: Facts) -> None:
    for dtype in (torch.float32, torch.float64):
        for x, _ in loaded(facts, dtype=dtype):
            assert x.dtype == dtype, f"{name}: inputs are {x.dtype}, asked for {dtype}"


def no_example_is_in_both_sets(name: str, facts: Facts) -> None:
    if len(facts.examples) == 2:
        train, test = ({tuple(x.flatten().tolist()) for x in part.x} for part in loaded(facts))
        both = len(train & test)
        assert not both, f"{name}: {both} examples are in the training and in the test set"


def it_refuses_no_examples(name: str, facts: Facts) -> None:
    try:
        facts.load(0)
    except Exception as err:
        said = str(err)
    else:
        said = "a dataset"
    assert "got" in said, f"{name}(0): expected a ValueError that says what it got, not {said!r}"


DATASET = (
    it_says_what_it_takes,
    it_has_the_size_that_it_says,
    its_classes_are_those_that_it_says,
    its_inputs_lie_where_it_says,
    its_targets_follow_its_rule,
    a_seed_and_nothing_else_decides,
    its_inputs_have_the_dtype_that_was_asked_for,
    no_example_is_in_both_sets,
    it_refuses_no_examples,
)


def loaded(facts: Facts, **options) -> list[Dataset]:
    """What a function loads: one set, or a training and a test set."""
    found = facts.load(**options)
    return [found] if isinstance(found, Dataset) else list(found)
