"""Points and the models at them."""

import pickle
from unittest.mock import patch

import pytest
import torch
from known import build, normal
from torch import nn

from lossviz_helpers import conv_net, digit_classifier, model_3
from lossviz_helpers._evaluation.space import Space


def test_low_precision_keeps_points_precise():
    model = digit_classifier()
    space = Space(model, dtype=torch.bfloat16)
    assert (space.dtype, space.precision) == (torch.float32, torch.bfloat16)
    exact = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    assert torch.equal(space.point(model), exact), "not rounded: steps and directions are small"
    theta = normal(space.P, dtype=torch.float32)
    assert torch.equal(space.point(space.model_at(theta)), theta.bfloat16().float())


def test_no_seeds_make_no_points():
    assert Space(model_3()).initial_points([]).shape == (0, 13)


def test_a_layer_that_is_computed_from_others_says_so():
    # Linear.reset_parameters() draws a weight that parametrizations recompute at each call
    model = build(lambda: nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)))
    with pytest.raises(ValueError, match=r"'parametrizations.weight.original0'.*no module's"):
        Space(model).initial_points([0])


def test_filters_of_transposed_convolutions_in_groups():
    # its weights are listed by input channel: two feed outputs 0 to 2, the other two 3 to 5
    space = Space(nn.ConvTranspose1d(4, 6, 2, groups=2))
    first, second = ([i for i in three for _ in range(2)] for three in ((0, 1, 2), (3, 4, 5)))
    assert space.filters.tolist() == 2 * first + 2 * second + [-1] * 6


class Owner(nn.Module):
    """A module that draws the parameters of its children."""

    def __init__(self):
        super().__init__()
        self.child = nn.ParameterList([nn.Parameter(torch.zeros(3))])

    def reset_parameters(self):
        nn.init.normal_(self.child[0])


def test_a_module_may_initialise_its_childrens_parameters():
    a, b, again = Space(Owner()).initial_points([0, 1, 0])
    assert torch.equal(a, again)
    assert not torch.equal(a, b)


@pytest.mark.parametrize("make", [model_3, digit_classifier, conv_net])
def test_models_can_be_pickled(make):
    model = make(seed=1)
    again = pickle.loads(pickle.dumps(model))
    for a, b in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_seed_leaves_the_generators_of_other_devices_alone():
    with patch("torch.cuda.manual_seed_all") as seeded:
        Space(model_3()).initial_points([3])
    assert not seeded.called


def test_a_real_dtype_is_rejected_for_complex_buffers():
    model = nn.Linear(2, 2)
    model.register_buffer("phases", torch.tensor([1j, 1 + 1j]))
    with pytest.raises(ValueError, match="phases holds complex numbers"):
        Space(model, dtype=torch.float64)
    assert Space(model).model.phases.is_complex()
