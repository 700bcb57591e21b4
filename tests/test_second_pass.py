"""A step of SAM calls a model twice, and leaves behind what one call at w would have left."""

import copy
import threading

import pytest
import torch
from known import normal
from torch import nn
from torch.func import functional_call, stack_module_state
from torch.nn.utils.parametrizations import spectral_norm

from lossviz_helpers import SAM

x, y = 3 * normal(16, 4) + 1, normal(16, 2, seed=1)


class Replacing(nn.Module):
    """Counts, and averages its outputs, in buffers that it replaces instead of changing them."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 2)
        self.register_buffer("average", torch.zeros(2))
        self.register_buffer("calls", None)
        # numbers that share their memory can't be written to
        self.register_buffer("shared", torch.zeros(1).double().expand(3))

    def forward(self, x):
        out = self.linear(x)
        self.average = 0.9 * self.average + 0.1 * out.detach().mean(dim=0)
        self.calls = torch.ones(()) if self.calls is None else self.calls + 1
        return out


class Twice(nn.Module):
    """Calls one layer two times, whose statistics move both times."""

    def __init__(self):
        super().__init__()
        self.norm, self.linear = nn.BatchNorm1d(4, affine=False), nn.Linear(4, 2)

    def forward(self, x):
        return self.linear(self.norm(self.norm(x) + x))


def images(norm: nn.Module) -> nn.Module:
    return nn.Sequential(nn.Unflatten(1, (2, 2)), norm, nn.Flatten(), nn.Linear(4, 2))


MODELS = {
    "batch norm": lambda: nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, 2)),
    "cumulative": lambda: nn.Sequential(nn.BatchNorm1d(4, momentum=None), nn.Linear(4, 2)),
    "without affine": lambda: nn.Sequential(nn.BatchNorm1d(4, affine=False), nn.Linear(4, 2)),
    "instance norm": lambda: images(nn.InstanceNorm1d(2, track_running_stats=True)),
    "spectral norm": lambda: nn.Sequential(spectral_norm(nn.Linear(4, 2))),
    "replaced buffers": Replacing,
    "called twice": Twice,
    "none": lambda: nn.Linear(4, 2),
}

each_model = pytest.mark.parametrize("name", MODELS)


def build(name: str) -> nn.Module:
    torch.manual_seed(0)
    return MODELS[name]().double().train()


def closure_of(call, after=lambda: None):
    def closure():
        loss = ((call(x) - y) ** 2).mean()
        loss.backward()
        after()
        return loss

    return closure


def assert_buffers(model: nn.Module, expected: nn.Module) -> None:
    found, wanted = dict(model.named_buffers()), dict(expected.named_buffers())
    torch.testing.assert_close(found, wanted, rtol=0, atol=0)


@each_model
def test_buffers_move_once_a_step_at_w(name):
    model = build(name)
    opt = SAM(model.parameters(), lr=0.1, rho=0.5)
    for _ in range(3):
        expected = copy.deepcopy(model)
        expected(x)
        opt.step(closure_of(model))
        assert_buffers(model, expected)


def test_buffers_of_hooks():
    model, expected = (nn.utils.spectral_norm(nn.Linear(4, 2)).double() for _ in range(2))
    expected.load_state_dict(model.state_dict())
    expected(x)
    SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model))
    assert_buffers(model, expected)


@each_model
def test_the_step_is_that_of_a_model_without_shared_statistics(name):
    # written out by hand, with a copy that is thrown away for each gradient
    model = build(name)
    at_w = copy.deepcopy(model)
    closure_of(at_w)()
    norm = torch.cat([p.grad.flatten() for p in at_w.parameters()]).norm()
    worst = copy.deepcopy(at_w)  # its buffers have moved on, as they have for SAM
    with torch.no_grad():
        for p, q in zip(worst.parameters(), at_w.parameters(), strict=True):
            p += 0.5 * q.grad / norm
    worst.zero_grad()
    closure_of(worst)()
    expected = [
        p - 0.1 * q.grad for p, q in zip(at_w.parameters(), worst.parameters(), strict=True)
    ]
    SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model))
    torch.testing.assert_close(list(model.parameters()), expected, check_stride=False)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
@each_model
def test_interrupted_in_the_second_pass_everything_is_restored_to_w(name, error):
    model = build(name)
    expected = copy.deepcopy(model)
    expected(x)
    calls = []

    def stop_up_there():
        calls.append(1)
        if len(calls) == 2:
            raise error

    with pytest.raises(error):
        SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model, stop_up_there))
    assert_buffers(model, expected)
    torch.testing.assert_close(
        list(model.parameters()), list(expected.parameters()), rtol=0, atol=0
    )
    assert not torch.nn.modules.module._global_forward_pre_hooks


def test_stopped_inside_the_forward_pass():
    class Stopping(nn.Module):
        calls = 0

        def forward(self, x):
            self.calls += 1
            if self.calls == 2:
                raise KeyboardInterrupt
            return x

    model = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 2), Stopping()).double()
    expected = copy.deepcopy(model)
    expected(x)
    with pytest.raises(KeyboardInterrupt):
        SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model))
    assert_buffers(model, expected)


def test_layers_in_evaluation_mode_keep_theirs():
    model = build("batch norm")
    model[1].eval()
    expected = copy.deepcopy(model)
    SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model))
    assert_buffers(model, expected)


def test_models_with_parameters_that_it_does_not_train():
    model, critic = build("batch norm"), nn.BatchNorm1d(2).double()
    expected = copy.deepcopy(critic)
    expected(model(x))
    model = build("batch norm")
    SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(lambda x: critic(model(x))))
    assert_buffers(critic, expected)


def test_parameters_and_buffers_that_are_passed_in():
    model = build("batch norm")
    expected = copy.deepcopy(model)
    own = copy.deepcopy(model)
    expected(x)
    parameters = {n: p.detach().clone().requires_grad_() for n, p in model.named_parameters()}
    buffers = {n: b.clone() for n, b in model.named_buffers()}
    opt = SAM(parameters.values(), lr=0.1, rho=0.5)
    opt.step(closure_of(lambda x: functional_call(model, (parameters, buffers), (x,))))
    torch.testing.assert_close(buffers, dict(expected.named_buffers()), rtol=0, atol=0)
    assert_buffers(model, own)


def test_an_ensemble_in_one_call():
    models = [copy.deepcopy(build("batch norm")) for _ in range(3)]
    for i, model in enumerate(models):
        model[0].bias.data += i
    parameters, buffers = stack_module_state(models)
    parameters = {n: p.detach().requires_grad_() for n, p in parameters.items()}
    skeleton = copy.deepcopy(models[0])

    def call(x):
        def one(p, b):
            return functional_call(skeleton, (p, b), (x,))

        return torch.vmap(one)(parameters, buffers)

    SAM(parameters.values(), lr=0.1, rho=0.5, rowwise=True).step(closure_of(call))
    for i, model in enumerate(models):
        model(x)
        found = {n: b[i] for n, b in buffers.items()}
        torch.testing.assert_close(found, dict(model.named_buffers()))


def test_another_run_at_the_same_time_is_left_alone():
    model, other = build("batch norm"), build("batch norm")
    expected = copy.deepcopy(other)
    for _ in range(2):
        expected(x)

    def beside():
        thread = threading.Thread(target=other, args=(x,))
        thread.start()
        thread.join()

    SAM(model.parameters(), lr=0.1, rho=0.5).step(closure_of(model, beside))
    assert_buffers(other, expected)


@pytest.mark.filterwarnings("ignore:Using `torch.compile")
def test_a_compiled_model_stays_compiled():
    compiled = []

    def backend(graph, _):
        compiled.append(graph)
        return graph

    model, plain = build("batch norm"), build("batch norm")
    twin = torch.compile(model, backend=backend)
    for net, call in ((model, twin), (plain, plain)):
        opt = SAM(net.parameters(), lr=0.1, rho=0.5)
        for _ in range(2):
            opt.step(closure_of(call))
    assert compiled
    torch.testing.assert_close(model.state_dict(), plain.state_dict())


# Mixed precision


def scaled(w, scaler, half=lambda w: (w**2).sum() / 2):
    def closure():
        loss = half(w)
        scaler.scale(loss).backward()
        return loss

    return closure


@pytest.mark.parametrize("scale", [1.0, 1024.0, 2.0**40])
@pytest.mark.parametrize("base", [torch.optim.SGD, torch.optim.Adam])
@pytest.mark.parametrize("fused", [False, True])
def test_scaled_gradients_take_the_step_of_those_that_are_not(scale, base, fused):
    w, plain = (torch.tensor([3.0, 4.0], requires_grad=True) for _ in range(2))
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)
    off = torch.amp.GradScaler("cpu", enabled=False)
    for p, with_scaler in ((w, scaler), (plain, off)):
        opt = SAM([p], lr=0.1, rho=5.0, base=base, fused=fused)
        for _ in range(3):
            loss = opt.step(scaled(p, with_scaler))
            with_scaler.update()
    assert loss < 12.5
    torch.testing.assert_close(w, plain)
    if base is torch.optim.SGD:  # ‖w + ε‖ = ‖w‖ + 5
        length = 5.0
        for _ in range(3):
            length -= 0.1 * (length + 5)
        torch.testing.assert_close(w.detach(), torch.tensor([0.6, 0.8]) * length)


@pytest.mark.parametrize("overflows", ["both", "the second"])
def test_an_overflow_skips_the_step_and_lowers_the_scale(overflows):
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**16)
    limit = 0 if overflows == "both" else 6

    def half(w):  # where w is long, its gradient is one that half precision can't hold
        return (w**2).sum() / 2 * (1e36 if w.norm() > limit else 1)

    opt = SAM([w], lr=0.1, rho=5.0, momentum=0.9)
    opt.step(scaled(w, scaler, half))
    scaler.update()
    assert w.tolist() == [3, 4]
    assert scaler.get_scale() == 2.0**15
    assert not opt.state[w]
    opt.step(scaled(w, scaler))
    scaler.update()
    torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]))


def test_several_optimisers_share_a_scaler():
    a, b = (torch.tensor([3.0, 4.0], requires_grad=True) for _ in range(2))
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    for w in (a, b):
        SAM([w], lr=0.1, rho=5.0).step(scaled(w, scaler))
    scaler.update()
    for w in (a, b):
        torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]))


def test_gradients_are_clipped_in_a_hook_of_the_base():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    opt = SAM([w], lr=0.1, rho=5.0)

    def clip(base, args, kwargs):
        nn.utils.clip_grad_norm_([w], 1.0)

    opt.base.register_step_pre_hook(clip)
    opt.step(scaled(w, scaler))
    torch.testing.assert_close(
        w.detach(), torch.tensor([3.0, 4.0]) - 0.1 * torch.tensor([0.6, 0.8])
    )


def test_scaler_step_raises_an_error():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    opt = SAM([w], lr=0.1, rho=5.0)
    closure = scaled(w, scaler)
    closure()
    for arguments in ((closure,), ()):
        with pytest.raises(TypeError, match=r"call opt\.step\(closure\) and scaler\.update\(\)"):
            scaler.step(opt, *arguments)
    assert w.tolist() == [3, 4]
    opt.step(closure)  # as it says
    scaler.update()
    torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]))


def test_a_scaler_may_scale_several_losses():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)

    def closure():
        for part in w:
            scaler.scale(part**2 / 2).backward()
        return (w**2).sum() / 2

    SAM([w], lr=0.1, rho=5.0).step(closure)
    torch.testing.assert_close(w.detach(), torch.tensor([2.4, 3.2]))


def test_two_scalers_are_rejected():
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    one, two = (torch.amp.GradScaler("cpu", init_scale=s) for s in (2.0, 4.0))

    def closure():
        loss = (w**2).sum() / 4
        (one.scale(loss) + two.scale(loss)).backward()
        return loss

    with pytest.raises(ValueError, match="one GradScaler, but this one used 2"):
        SAM([w], lr=0.1).step(closure)
    assert w.tolist() == [3, 4]
