"""SAM is its published update: up to the worst nearby point, then down from where it was.

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


def test_momentum_accumulates_gradients_at_the_worst_points():
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


def test_a_group_that_is_added_later():
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
    """A function whose signature doesn't show the options of what it makes."""
    return SAM(params, rho=RHO, **options)


@pytest.mark.parametrize(
    "optimizer", [partial(SAM, rho=RHO), partial(SAM, rho=RHO, momentum=0.9), whatever_its_name]
)
@pytest.mark.parametrize("batch_size", [None, 7])
def test_many_starts_are_independent(optimizer, batch_size):
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
def test_a_vanishing_gradient_does_not_throw_points_away(size):
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
def test_training_continues_from_a_checkpoint(options):
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


def test_a_copy_continues_training_as_the_original_does():
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
    with pytest.raises(TypeError, match=r"two gradients per step.*closure"):
        opt.step()


# Every size and kind of number


def steps_of(w: Tensor, loss, rho: float, **options) -> list[Tensor]:
    """Where a step of SAM looks for gradients: at w, and at w + ε."""
    seen = []

    def closure():
        seen.append(w.detach().clone())
        value = loss(w)
        value.backward()
        return value

    SAM([w], lr=1e-3, rho=rho, **options).step(closure)
    return seen


@pytest.mark.parametrize(
    ("dtype", "sizes"),
    [
        (torch.float16, [1e-6, 1e-4, 1e-2, 300.0, 6e4]),
        (torch.bfloat16, [1e-30, 1e-4, 300.0, 1e30]),
        (torch.float32, [1e-37, 1e-25, 1e-15, 1.0, 1e25, 1e37]),
        (torch.float64, [1e-300, 1e-150, 1.0, 1e150, 1e300]),
    ],
    ids=str,
)
@pytest.mark.parametrize("rowwise", [False, True])
def test_epsilon_is_as_long_as_rho_whatever_the_gradients_size(dtype, sizes, rowwise):
    uphill = torch.tensor([0.5, -0.5, 0.5, 0.5], dtype=torch.float64)
    for size in sizes:
        w = torch.zeros(1, 4, dtype=dtype, requires_grad=True)
        slope = (uphill * size).to(dtype)
        here, worst = steps_of(w, lambda w, slope=slope: (w * slope).sum(), 0.05, rowwise=rowwise)
        torch.testing.assert_close((worst - here).double()[0], 0.05 * uphill, rtol=0.01, atol=0)


def test_one_norm_over_parameters_of_several_precisions():
    w = [torch.zeros(1, dtype=t, requires_grad=True) for t in (torch.float16, torch.float64)]
    seen = []

    def closure():
        seen.append([p.item() for p in w])
        loss = 3 * w[0].double().sum() + 4 * w[1].sum()
        loss.backward()
        return loss

    SAM(w, lr=LR, rho=5.0).step(closure)
    assert seen[1] == pytest.approx([3, 4])


@pytest.mark.parametrize("rowwise", [False, True])
def test_complex_parameters_go_where_their_two_real_parts_go(rowwise):
    a = torch.view_as_complex(normal(3, 2, 2))
    rows = len(a) if rowwise else 1

    def loss(w: Tensor) -> Tensor:  # of a complex w
        return ((w - a).abs() ** 2 * torch.arange(1, 3)).sum() + (w**2).real.sum()

    w = torch.view_as_complex(normal(3, 2, 2, seed=1)).requires_grad_(True)
    # the same as a real problem: by hand, with g the gradient with respect to both parts
    parts = torch.view_as_real(w.detach()).clone().requires_grad_(True)

    def gradient(at: Tensor) -> Tensor:
        at = at.detach().requires_grad_(True)
        return torch.autograd.grad(loss(torch.view_as_complex(at)), at)[0]

    g = gradient(parts)
    norm = g.reshape(rows, -1).norm(dim=1).reshape(-1, 1, 1)
    expected = parts.detach() - LR * gradient(parts.detach() + RHO * g / norm)

    def closure():
        value = loss(w)
        value.backward()
        return value

    SAM([w], lr=LR, rho=RHO, rowwise=rowwise).step(closure)
    torch.testing.assert_close(torch.view_as_real(w.detach()), expected, rtol=1e-12, atol=1e-12)


def test_sparse_gradients_are_gradients():
    sparse = nn.Embedding(10, 3, sparse=True, dtype=torch.float64)
    dense = nn.Embedding(10, 3, dtype=torch.float64)
    dense.load_state_dict(sparse.state_dict())
    rows = torch.tensor([1, 2, 2, 5])
    for layer in (sparse, dense):
        opt = SAM(layer.parameters(), lr=LR, rho=RHO)

        def closure(layer=layer):
            loss = (layer(rows) ** 3).sum()
            loss.backward()
            return loss

        for _ in range(3):
            opt.step(closure)
    torch.testing.assert_close(sparse.weight, dense.weight)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_gradient_that_is_not_finite_has_no_worst_point(bad):
    w = torch.ones(2, requires_grad=True)
    other = torch.ones(2, requires_grad=True)
    seen = []

    def closure():
        seen.append(w.detach().clone())
        loss = (w * torch.tensor([1.0, bad])).sum() + (other**2).sum()
        loss.backward()
        return loss

    SAM([w, other], lr=LR, rho=RHO).step(closure)
    assert torch.equal(seen[0], seen[1])
    assert w[0] == 1 - LR
    assert not w[1].isfinite(), "as with any optimiser of torch.optim"


@pytest.mark.parametrize("options", [{"fused": True}, {"foreach": True}, {"foreach": False}])
def test_every_implementation_of_a_base(options):
    w = leaves((3,), (2, 2))
    plain = [p.detach().clone().requires_grad_(True) for p in w]
    train(SAM(w, lr=LR, rho=RHO, base=torch.optim.Adam, **options), w, steps=3)
    train(SAM(plain, lr=LR, rho=RHO, base=torch.optim.Adam), plain, steps=3)
    torch.testing.assert_close(w, plain, rtol=1e-9, atol=1e-9)


# Gradients are cleared


@pytest.mark.parametrize("clears", [True, False])
def test_a_closure_need_not_clear_the_gradients(clears):
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    w.grad = torch.full((2,), 100.0)  # from whatever was before
    opt = SAM([w], lr=0.1, rho=5.0)

    def closure():
        if clears:
            opt.zero_grad()
        loss = (w**2).sum() / 2
        loss.backward()
        return loss

    opt.step(closure)
    torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]))
    opt.step(closure)  # ‖w‖ was 4, so w + ε is 9/4 of it
    torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]) * (1 - 0.1 * 9 / 4))


def test_a_parameter_that_is_not_used_up_there_has_no_gradient_there():
    used, sometimes = leaves((2,), (2,))
    opt = SAM([used, sometimes], lr=LR, rho=RHO, weight_decay=1.0)
    calls = []

    def closure():
        calls.append(1)
        loss = (used**2).sum() + ((sometimes**2).sum() if len(calls) == 1 else 0)
        loss.backward()
        return loss

    opt.step(closure)
    torch.testing.assert_close(sometimes.detach(), normal(2, seed=1), rtol=0, atol=0)


def test_gradients_that_a_closure_sets_itself():
    w = leaves((3,))
    start = w[0].detach().clone()

    def closure():
        loss = loss_of(*w)
        (w[0].grad,) = torch.autograd.grad(loss, w)
        return loss

    SAM(w, lr=LR, rho=RHO).step(closure)
    expected = start - LR * worst_gradients([start], RHO)[0]
    torch.testing.assert_close(w[0].detach(), expected, rtol=1e-12, atol=1e-12)


# Base optimisers that can't be


def test_a_base_is_a_class_that_steps_by_gradients():
    w = leaves((3,))
    with pytest.raises(
        TypeError, match=r"base must be a class.*got 'adam'; write base=torch\.optim\.Adam"
    ):
        SAM(w, lr=LR, base="adam")
    with pytest.raises(
        TypeError, match=r"gradients that have already been.*got LBFGS, which needs"
    ):
        SAM(w, lr=LR, base=torch.optim.LBFGS)
    with pytest.raises(
        TypeError, match="SGD has no option momentun; did you mean momentum instead"
    ):
        SAM(w, lr=LR, momentun=0.9)
