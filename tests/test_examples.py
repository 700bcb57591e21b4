"""Data in every form that people bring: always the landscape of the same examples."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from known import build, normal, seeded
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from lossviz_helpers import Objective, model_1, model_3, scan, squared_error, xor
from lossviz_helpers._inputs.examples import Examples, preserved_rng
from lossviz_helpers.slices import Slice


class Meets(nn.Module):
    """A model of two inputs, which may come by place or by name; its outputs are a dict."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(3, 4), nn.Linear(2, 4)
        self.head = nn.Linear(4, 5)

    def forward(self, a, b):
        h = torch.tanh(self.left(a) + self.right(b))
        return {"logits": self.head(h), "hidden": h}


def meets_loss(outputs, y):
    return F.cross_entropy(outputs["logits"], y["label"]) + outputs["hidden"].square().mean()


A, B = normal(31, 3, seed=1), normal(31, 2, seed=2)
Y = {"label": torch.randint(5, (31,), generator=seeded(3))}


@pytest.mark.parametrize("x", [(A, B), [A, B], {"a": A, "b": B}], ids=["tuple", "list", "dict"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_several_inputs_and_outputs(x, batch_size):
    model = build(Meets)
    L = Objective(model, (x, Y), meets_loss, batch_size=batch_size)
    points = L.point() + 0.1 * normal(6, L.P)
    expected = torch.stack([meets_loss(L.model_at(θ)(A, B), Y) for θ in points]).detach()
    assert torch.allclose(L(points), expected, rtol=1e-12)
    view = Slice(points[0], points[1:3])
    plane = scan(L, view, (3, 4), extent=((0, 1), (0, 1)))
    assert plane.loss[0, 0] == pytest.approx(float(expected[0]))


def test_predictions_have_the_structure_of_the_outputs():
    L = Objective(build(Meets), ((A, B), Y), meets_loss)
    points = L.point() + 0.1 * normal(2, 3, L.P)
    found = L.predict(points)
    assert found["logits"].shape == (2, 3, 31, 5)
    assert torch.allclose(found["hidden"][1, 2], L.model_at(points[1, 2])(A, B)["hidden"])
    assert L.predict(points[:0, 0], (A[:4], B[:4]))["logits"].shape == (0, 4, 5)


def test_a_subset_has_the_structure_of_the_whole():
    L = Objective(build(Meets), ({"a": A, "b": B}, Y), meets_loss)
    rows = torch.tensor([4, 9, 4])
    part = L.subset(rows)
    expected = meets_loss(L.model(A[rows], B[rows]), {"label": Y["label"][rows]})
    assert torch.allclose(part(L.point()), expected)
    assert part.N == 3
    assert L.N == 31


def test_the_fingerprint_sees_every_tensor():
    def fingerprint(b, label):
        return Objective(build(Meets), ((A, b), {"label": label}), meets_loss).fingerprint()

    same = fingerprint(B, Y["label"])
    assert same == fingerprint(B.clone(), Y["label"].clone())
    assert same != fingerprint(B + 1e-9, Y["label"])
    assert same != fingerprint(B, Y["label"].flip(0))


# Loaders

x, y = xor(25)


def losses(data, **options) -> torch.Tensor:
    L = Objective(model_3(), data, squared_error, **options)
    return L(normal(3, 13))


@pytest.mark.parametrize("batch_size", [1, 4, 7, 25, 100])
def test_uneven_batches_are_weighted_by_their_size(batch_size):
    # 25 examples in batches of 4 or 7: a mean of means would weigh the last batch too much
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size)
    expected = losses((x, y))
    assert torch.allclose(losses(loader), expected, rtol=1e-13)
    assert torch.allclose(losses((x, y), batch_size=batch_size), expected, rtol=1e-13)


def test_a_few_examples_are_spread_over_the_data():
    examples = Examples.read((torch.arange(11.0)[:, None], torch.arange(11)))
    assert examples.sample(3).y.tolist() == [0, 5, 10]
    assert len(examples.sample(99)) == 11


def test_every_kind_of_source():
    class Stream(IterableDataset):
        def __iter__(self):
            return iter(TensorDataset(x, y))

    expected = losses((x, y))
    sources = {
        "dataset": TensorDataset(x, y),
        "stream": DataLoader(Stream(), batch_size=4),
        "generator": (pair for pair in zip(x.split(6), y.split(6), strict=True)),
        "arrays": (x.numpy(), y.numpy()),
        "lists": (x.tolist(), y.tolist()),
    }
    for name, source in sources.items():
        assert torch.allclose(losses(source), expected, rtol=1e-6), name


def test_a_loader_that_shuffles_is_the_same_landscape_every_time():
    # or finished chunks would never be found again
    loader = DataLoader(TensorDataset(x, y), batch_size=4, shuffle=True)
    names = {Objective(model_3(), loader, squared_error).fingerprint() for _ in range(2)}
    assert len(names) == 1


class Augmented(Dataset):
    """Draws from the global random numbers."""

    def __len__(self):
        return len(x)

    def __getitem__(self, i):
        return x[i] + np.random.rand() + random.random() + torch.rand(2), y[i]  # noqa: NPY002


def test_reading_changes_no_random_state():
    generator = seeded(5)
    loader = DataLoader(Augmented(), batch_size=4, shuffle=True, generator=generator)
    before = generator.get_state()
    with preserved_rng() as drawn:
        Objective(model_3(), loader, squared_error)
        assert not drawn()
    assert torch.equal(before, generator.get_state())


def test_what_is_drawn_while_reading_is_the_same_every_time():
    first = Examples.read(Augmented())
    with preserved_rng():
        Augmented()[0]
        assert torch.equal(first.x, Examples.read(Augmented()).x)


def test_reading_seeds_no_device(monkeypatch):
    seeds = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeds.append)
    Examples.read(DataLoader(TensorDataset(x, y), batch_size=4))
    assert not seeds


# What can't be read


def test_empty_loaders():
    with pytest.raises(ValueError, match="DataLoader yielded no batches: are there examples"):
        losses(DataLoader(TensorDataset(x[:0], y[:0]), batch_size=4))
    generator = iter([(x, y)])
    losses(generator)
    with pytest.raises(ValueError, match="yielded no batches: a generator can be read only once"):
        losses(generator)


def test_an_error_inside_a_generator_is_the_users():
    def broken():
        yield x, y
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        losses(broken())


def test_batches_that_are_not_pairs():
    with pytest.raises(TypeError, match=r"got a batch \(\(4, 2\) float64\).*expected a pair"):
        losses(DataLoader(TensorDataset(x), batch_size=4))
    batches = [{"pixels": x, "labels": y}]
    with pytest.raises(TypeError, match=r"\{pixels: \(25, 2\) float64.*b\['labels'\]"):
        losses(iter(batches))
    pairs = ((b["pixels"], b["labels"]) for b in batches)
    assert torch.equal(losses(pairs), losses((x, y)))


def test_data_without_targets():
    for data in (x, (x, None), DataLoader(TensorDataset(x), batch_size=4)):
        with pytest.raises(TypeError, match=r"no targets.*\(x, x\) for \(x,\) in loader.*"):
            Examples.read(data)
    alone = Examples.read((b, b) for (b,) in DataLoader(TensorDataset(x), batch_size=4))
    assert torch.equal(alone.x, x)
    assert torch.equal(alone.y, x)


def test_a_list_of_single_examples():
    samples = [(x[i], y[i]) for i in range(len(x))]
    with pytest.raises(ValueError, match=r"turn single examples into batches with DataLoader"):
        losses(samples)
    assert torch.equal(losses(DataLoader(samples, batch_size=256)), losses((x, y)))


def test_tensors_that_cannot_be_split():
    with pytest.raises(TypeError, match=r"layout torch\.sparse_coo.*dense.*buffer"):
        Examples.read((x.to_sparse(), y))


def test_edges_are_not_examples():
    edges = torch.randint(25, (2, 60), generator=seeded(0))
    with pytest.raises(ValueError, match=r"\(2, 60\) int64.*nodes of a graph.*\(X\[None\]"):
        Examples.read(((x, edges), y))


def test_batches_of_different_lengths():
    ragged = iter([(torch.zeros(2, 5), y[:2]), (torch.zeros(2, 7), y[:2])])
    with pytest.raises(ValueError, match=r"\(2, 5\).*\(2, 7\).*pad them to the same length"):
        Objective(nn.Linear(5, 1), ragged, squared_error)


def test_text_is_not_numeric():
    with pytest.raises(TypeError, match="hold a str"):
        losses(({"text": "hello", "x": x}, y))
    with pytest.raises(TypeError, match="must be numbers"):
        losses((["a", "b"], [0, 1]))


def test_more_data_than_memory(monkeypatch):
    class Memory:
        available = 2 * x.nbytes

    monkeypatch.setattr("lossviz_helpers._inputs.examples.psutil.virtual_memory", Memory)
    endless = iter(lambda: (x, y), None)
    with pytest.raises(MemoryError, match="islice"):
        Examples.read(endless)


def test_slow_reading_is_reported_once(monkeypatch):
    monkeypatch.setattr("lossviz_helpers._inputs.examples.PATIENCE", -1)
    batches = [(x, y)] * 5
    with pytest.warns(UserWarning, match=r"still reading: \d batches.*islice\(loader") as found:
        Examples.read(iter(batches))
    assert len(found) == 1


def test_integers_stay_integers():
    tokens = torch.randint(9, (6, 4), generator=seeded(0))
    L = Objective(
        nn.Sequential(nn.Embedding(9, 3), nn.Flatten(), nn.Linear(12, 2)),
        (tokens, np.array([0, 1, 0, 1, 0, 1])),
        F.cross_entropy,
        dtype=torch.float64,
    )
    assert L.x.dtype == torch.int64
    assert L.y.dtype == torch.int64
    assert L(L.point()).dtype == torch.float64


def test_a_pair_of_the_models_own_dtype():
    L = Objective(model_1(), (x.float(), y.float()), squared_error)
    assert L.x.dtype == torch.float64
