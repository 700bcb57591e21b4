"""SAM is its published update: up to the worst point near by, then down from where it was.

Written out by hand: ε = ρ·g/‖g‖, then the base optimiser's step at w with the gradient at w + ε.
"""

import copy
from functools import partial

import pytest
import torch
from known import Breaking, landscape_of, normal
from torch import Tensor, nn

from lossviz_helpers import SAM, Objective, descend, model_3, squared_error, xor

LR, RHO = 0.1, 0.3


def loss_of(*parameters: Tensor) -> Tensor:
    """Something with a curved landscape, in which every parameter matters to every other."""
    w = torch.cat([p.flatten() for p in parameters])
    at = torch.arange(len(w), dtype=w.dtype)
    return (torch.sin(w + at) * w).sum() + (w**2 * (1 + at)).sum() + w.prod()


def gradients(parameters: list[Tensor]) -> list[Tensor]:
    parameters = [p.detach().clone().requires_grad_(True) for p in parameters]
    return list(torch.autograd.grad(loss_of(*parameters), parameters))


def worst_gradients(parameters: list[Tensor], rho) -> list[Tensor]:
    """∇L(w + ρ·g/‖g‖) with one norm over all parameters; rho may be one per parameter."""
    g = gradients(parameters)
    norm = torch.cat([part.flatten() for part in g]).norm()
    rhos = rho if isinstance(rho, list) else [rho] * len(g)
    return gradients([p + r * d / norm for p, d, r in zip(parameters, g, rhos, strict=True)])


def leaves(*shapes: tuple[int, ...]) -> list[Tensor]:
    return [normal(*shape, seed=i).requires_grad_(True) for i, shape in enumerate(shapes)]


def train(opt: SAM, parameters: list[Tensor], steps: int) -> None:
    def closure():
        opt.zero_grad()
        loss = loss_of(*parameters)
        loss.backward()
        return loss

    for _ in range(steps):
        opt.step(closure)


# The published update


def test_plain():
    w = leaves((3,), (2, 2))
    expected = [p.detach().clone() for p in w]
    train(SAM(w, lr=LR, rho=RHO), w, steps=5)
    for _ in range(5):
        expected = [
            p - LR * g for p, g in zip(expected, worst_gradients(expected, RHO), strict=True)
        ]
    torch.testing.assert_close([p.detach() for p in w], expected, rtol=1e-12, atol=1e-12)


def test_momentum_is_gathered_from_the_worst_points():
    w = leaves((3,), (2, 2))
    expected = [p.detach().clone() for p in w]
    train(SAM(w, lr=LR, rho=RHO, momentum=0.9), w, steps=5)
    velocity = [torch.zeros_like(p) for p in expected]
    for _ in range(5):
        g = worst_gradients(expected, RHO)
        velocity = [0.9 * v + d for v, d in zip(velocity, g, strict=True)]
        expected = [p - LR * v for p, v in zip(expected, velocity, strict=True)]
    torch.testing.assert_close([p.detach() for p in w], expected, rtol=1e-12, atol=1e-12)


def test_weight_decay_acts_at_the_point_itself():
    w = leaves((4,))
    start = w[0].detach().clone()
    train(SAM(w, lr=LR, rho=RHO, weight_decay=0.5), w, steps=1)
    expected = start - LR * (worst_gradients([start], RHO)[0] + 0.5 * start)
    torch.testing.assert_close(w[0].detach(), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("base", [torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop])
def test_any_base_takes_the_step(base):
    w = leaves((3,), (2, 2))
    expected = [p.detach().clone().requires_grad_(True) for p in w]
    train(SAM(w, lr=LR, rho=RHO, base=base), w, steps=4)
    plain = base(expected, lr=LR)
    for _ in range(4):
        for p, g in zip(expected, worst_gradients(expected, RHO), strict=True):
            p.grad = g
        plain.step()
    torch.testing.assert_close(w, expected, rtol=1e-12, atol=1e-12)


def test_it_is_gradient_descent_where_the_landscape_is_a_slope():
    L = landscape_of(lambda t: 3 * t[0] - t[1], 2)
    paths = [
        descend(L, torch.zeros(2), 5, LR, torch.optim.SGD),
        descend(L, torch.zeros(2), 5, LR, SAM, rho=2.0),
    ]
    torch.testing.assert_close(paths[0].points, paths[1].points)


def test_it_returns_the_loss_before_the_step():
    w = leaves((3,))
    opt = SAM(w, lr=LR, rho=RHO)
    before = loss_of(*w).item()

    def closure():
        opt.zero_grad()
        loss = loss_of(*w)
        loss.backward()
        return loss

    assert opt.step(closure).item() == before
    with torch.no_grad():  # as torch.optim's own optimisers, it derives where nothing else does
        assert opt.step(closure) < before


# Parameter groups, and rows


def test_groups_have_their_own_options_and_share_one_norm():
    w = leaves((3,), (2, 2))
    start = [p.detach().clone() for p in w]
    groups = [{"params": [w[0]], "lr": 0.2}, {"params": [w[1]], "rho": 1.5}]
    train(SAM(groups, lr=LR, rho=RHO), w, steps=1)
    g = worst_gradients(start, [RHO, 1.5])
    expected = [start[0] - 0.2 * g[0], start[1] - LR * g[1]]
    torch.testing.assert_close([p.detach() for p in w], expected, rtol=1e-12, atol=1e-12)


def test_a_group_that_comes_later():
    w = leaves((3,), (2, 2))
    opt = SAM([w[0]], lr=LR, rho=RHO, momentum=0.9)
    train(opt, [w[0]], steps=2)
    opt.add_param_group({"params": [w[1]], "lr": 0.05})
    start = [p.detach().clone() for p in w]
    velocity = opt.state[w[0]]["momentum_buffer"].clone()
    train(opt, w, steps=1)
    g = worst_gradients(start, RHO)
    expected = [start[0] - LR * (0.9 * velocity + g[0]), start[1] - 0.05 * g[1]]
    torch.testing.assert_close([p.detach() for p in w], expected, rtol=1e-12, atol=1e-12)


def test_parameters_without_a_gradient_stay():
    w = leaves((3,), (2,))
    opt = SAM(w, lr=LR, rho=RHO)
    train(opt, w[:1], steps=2)
    assert torch.equal(w[1].detach(), normal(2, seed=1))


def whatever_its_name(params, **options):
    """A function that says nothing of the options of what it makes."""
    return SAM(params, rho=RHO, **options)


@pytest.mark.parametrize(
    "optimizer", [partial(SAM, rho=RHO), partial(SAM, rho=RHO, momentum=0.9), whatever_its_name]
)
@pytest.mark.parametrize("batch_size", [None, 7])
def test_many_starts_go_their_own_ways(optimizer, batch_size):
    L = Objective(model_3(), xor(50), squared_error)
    starts = L.initial_points(range(4))
    together = descend(L, starts, 20, LR, optimizer, batch_size, seed=1)
    for i, start in enumerate(starts):
        alone = descend(L, start, 20, LR, optimizer, batch_size, seed=1)
        torch.testing.assert_close(together[i].points, alone.points, rtol=1e-9, atol=1e-9)


def test_rowwise_groups_do_not_touch_the_norm_of_others():
    rows, other = leaves((2, 3), (4,))
    opt = SAM([{"params": [rows], "rowwise": True}, {"params": [other]}], lr=LR, rho=RHO)
    start = [rows.detach().clone(), other.detach().clone()]

    def closure():
        opt.zero_grad()
        loss = loss_of(rows[0]) + loss_of(rows[1]) + loss_of(other)
        loss.backward()
        return loss

    opt.step(closure)
    worst = [worst_gradients([p], RHO)[0] for p in (*start[0], start[1])]
    torch.testing.assert_close(rows.detach(), start[0] - LR * torch.stack(worst[:2]))
    torch.testing.assert_close(other.detach(), start[1] - LR * worst[2])


# Where there is no worst direction


def test_at_a_stationary_point_it_stays():
    L = landscape_of(lambda t: t[0] ** 2 - t[1] ** 2, 2)
    path = descend(L, torch.zeros(2), 3, LR, SAM, rho=1.0)
    assert torch.equal(path.end, torch.zeros(2, dtype=torch.float64))


@pytest.mark.parametrize("size", [1e-15, 1e-25, 1e-35])
def test_a_vanishing_gradient_throws_nobody_away(size):
    w = torch.full((2,), size, requires_grad=True)  # float32: the square of 1e-25 is zero
    opt = SAM([w], lr=LR, rho=RHO)

    def closure():
        opt.zero_grad()
        loss = (w**2).sum() / 2
        loss.backward()
        return loss

    opt.step(closure)
    # inside the ball of radius ρ no gradient is longer than ρ
    assert w.detach().abs().max() <= LR * RHO


# Schedulers, checkpoints, Ctrl-C


def test_learning_rate_schedulers_reach_the_base(no_warnings):
    w = leaves((3,))
    opt = SAM(w, lr=LR, rho=RHO)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, step_size=1, gamma=0.1)
    train(opt, w, steps=1)
    scheduler.step()
    start = w[0].detach().clone()
    train(opt, w, steps=1)
    expected = start - 0.1 * LR * worst_gradients([start], RHO)[0]
    torch.testing.assert_close(w[0].detach(), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "options", [{"momentum": 0.9}, {"base": torch.optim.Adam}], ids=["momentum", "Adam"]
)
def test_training_goes_on_from_a_checkpoint(options):
    w = leaves((3,), (2, 2))
    opt = SAM(w, lr=LR, rho=RHO, **options)
    train(opt, w, steps=3)
    saved = copy.deepcopy(opt.state_dict())
    again = [p.detach().clone().requires_grad_(True) for p in w]
    resumed = SAM(again, lr=9.0, rho=9.0, **options)
    resumed.load_state_dict(saved)
    assert [group["rho"] for group in resumed.param_groups] == [RHO]
    train(opt, w, steps=3)
    train(resumed, again, steps=3)
    torch.testing.assert_close(again, w, rtol=1e-12, atol=1e-12)

    # and a scheduler still reaches the base
    resumed.param_groups[0]["lr"] = 0.0
    before = [p.detach().clone() for p in again]
    train(resumed, again, steps=1)
    assert all(torch.equal(p.detach(), b) for p, b in zip(again, before, strict=True))


def test_a_copy_trains_on_as_the_original_does():
    model = nn.Linear(3, 1).double()
    opt = SAM(model.parameters(), lr=LR, rho=RHO, momentum=0.9)
    train(opt, list(model.parameters()), steps=2)
    twin, twin_opt = copy.deepcopy((model, opt))
    train(opt, list(model.parameters()), steps=2)
    train(twin_opt, list(twin.parameters()), steps=2)
    torch.testing.assert_close(twin.state_dict(), model.state_dict(), rtol=0, atol=0)


def test_stopped_at_the_worst_point_it_goes_back():
    w = leaves((3,))
    opt = SAM(w, lr=LR, rho=RHO)
    start = w[0].detach().clone()
    loss = Breaking(lambda outputs, _: loss_of(outputs))
    loss.break_at(2, KeyboardInterrupt())

    def closure():
        opt.zero_grad()
        value = loss(w[0], None)
        value.backward()
        return value

    with pytest.raises(KeyboardInterrupt):
        opt.step(closure)
    assert torch.equal(w[0].detach(), start)


# Bad input


@pytest.mark.parametrize("rho", [0, -0.05, float("nan"), float("inf")])
def test_rho_out_of_range(rho):
    with pytest.raises(ValueError, match=f"rho must be positive and finite, got {rho}"):
        SAM(leaves((3,)), lr=LR, rho=rho)
    with pytest.raises(ValueError, match=f"rho must be positive and finite, got {rho}"):
        SAM([{"params": leaves((3,)), "rho": rho}], lr=LR)


def test_a_missing_closure():
    opt = SAM(leaves((3,)), lr=LR)
    with pytest.raises(TypeError, match=r"two gradients a step.*closure"):
        opt.step()
