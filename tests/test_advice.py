"""What the errors advise, followed step by step: it leads to the right loss."""

import pytest
import torch
import torch.nn.functional as F
from known import build, normal, seeded
from torch import nn

from lossviz_helpers import Objective, Slice, accuracy, error_rate, gradient, scan

nodes, edges = normal(30, 4), torch.randint(30, (2, 80), generator=seeded(0))
kinds = torch.randint(3, (30,), generator=seeded(1))


class Graph(nn.Module):
    """Sums the outputs of the neighbours, along a list of edges."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)

    def forward(self, nodes, edges):
        said = self.linear(nodes)
        return said.index_add(0, edges[1], said[edges[0]])


class Whole(nn.Module):
    """One graph is one example."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, nodes, edges):
        return self.net(nodes[0], edges[0])[None]


def test_a_graph_with_a_list_of_edges():
    net = build(Graph)
    with pytest.raises(ValueError, match=r"one entry per example.*self\.net\(X\[0\], A\[0\]\)"):
        Objective(net, ((nodes, edges), kinds), F.cross_entropy)
    data = (nodes[None], edges[None]), kinds[None]
    with pytest.raises(ValueError, match=r"can't be called.*self\.net\(X\[0\], A\[0\]\)"):
        Objective(net, data, lambda out, y: F.cross_entropy(out[0], y[0]))
    L = Objective(Whole(net), data, lambda out, y: F.cross_entropy(out[0], y[0]))
    with torch.no_grad():
        assert torch.allclose(L(L.point()), F.cross_entropy(net(nodes, edges), kinds))


places = torch.rand(40, 1, generator=seeded(2), dtype=torch.float64)


def test_an_equation_with_derivatives_of_the_inputs():
    """u' = cos(x), u(0) = 0: the residual needs du/dx."""
    net = build(lambda: nn.Sequential(nn.Linear(1, 6), nn.Tanh(), nn.Linear(6, 1)))

    @torch.enable_grad()
    def residual(u, x):
        (slope,) = torch.autograd.grad(u.sum(), x, create_graph=True)
        return (slope - x.cos()).square().mean()

    # in the loss the outputs have no inputs to be derived by, whatever is enabled there
    with pytest.raises(ValueError, match=r"with respect to inputs belong in forward"):
        Objective(net, (places, places), residual)

    class Residual(nn.Module):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def forward(self, x):
            with torch.enable_grad():
                x = x.clone().requires_grad_()
                (slope,) = torch.autograd.grad(self.net(x).sum(), x, create_graph=True)
            return slope - x.cos()

    def mean_square(residual, y):
        return residual.square().mean()

    model = Residual(net)
    L = Objective(model, (places, places), mean_square)
    theta = L.point() + 0.3 * normal(L.P)
    there = L.model_at(theta)
    loss = mean_square(there(places), None)
    assert torch.allclose(L(theta), loss)
    loss.backward()
    slopes = [p.grad for p in there.parameters()]
    assert slopes[-1] is None, "the last bias moves no derivative"
    expected = torch.cat([*(g.flatten() for g in slopes[:-1]), torch.zeros(1).double()])
    torch.testing.assert_close(gradient(L, theta), expected)


class Observed(nn.Module):
    """Keeps the largest input that it has seen, in evaluation mode too, until it is told not to."""

    def __init__(self):
        super().__init__()
        self.register_buffer("largest", torch.tensor(0.0))
        self.observes = True

    def forward(self, x):
        if self.observes:
            self.largest.copy_(torch.maximum(self.largest, x.abs().max()))
        return x.clamp(-self.largest, self.largest)


def test_observers_that_go_on_in_evaluation_mode():
    net = build(lambda: nn.Sequential(nn.Linear(4, 3), Observed())).eval()
    with pytest.raises(ValueError, match=r"buffer 1\.largest.*in evaluation mode; switch that off"):
        Objective(net, (nodes, kinds), F.cross_entropy)
    with torch.no_grad():
        net(nodes)
    net[1].observes = False
    L = Objective(net, (nodes, kinds), F.cross_entropy)
    with torch.no_grad():
        assert torch.allclose(L(L.point()), F.cross_entropy(net(nodes), kinds))


@pytest.mark.filterwarnings("ignore")  # PyTorch is about to move this
def test_quantisation_aware_training():
    quantised = pytest.importorskip("torch.ao.quantization")
    net = nn.Sequential(nn.Linear(4, 3), quantised.default_fake_quant()).eval()
    with pytest.raises(ValueError, match="disable_observer"):
        Objective(net, (nodes.float(), kinds), F.cross_entropy)
    net(nodes.float())
    net.apply(quantised.disable_observer)
    L = Objective(net, (nodes.float(), kinds), F.cross_entropy)
    with torch.no_grad():
        assert torch.allclose(L(L.point()), F.cross_entropy(net(nodes.float()), kinds))


def test_accuracy_is_plotted_as_an_error_rate():
    net = build(lambda: nn.Linear(4, 3))
    with pytest.raises(ValueError, match=r"error_rate, which is 1 − accuracy"):
        Objective(net, (nodes, kinds), accuracy)
    L = Objective(net, (nodes, kinds), error_rate)
    land = scan(L, Slice.random(L.point()), 3)
    right = accuracy(net(nodes), kinds)
    assert land.loss[1, 1] == pytest.approx(1 - right)
    single = build(lambda: nn.Sequential(nn.Linear(4, 1), nn.Flatten(0)))
    yes = (kinds == 0).double()
    L = Objective(single, (nodes, yes), error_rate)
    assert L(L.point()).item() == pytest.approx(1 - accuracy(single(nodes), yes))
    with pytest.raises(ValueError, match="error rate expects targets from 0 to 1"):
        Objective(single, (nodes, 3 * yes), error_rate)
    with pytest.raises(ValueError, match="has no derivative"):
        gradient(L, L.point())


def test_a_dict_of_losses_is_one_of_them():
    def losses(out, y):
        return {"total": F.cross_entropy(out, y), "size": out.square().mean()}

    net = build(lambda: nn.Linear(4, 3))
    with pytest.raises(ValueError, match=r"lambda outputs, y: loss\(outputs, y\)\['total'\]"):
        Objective(net, (nodes, kinds), losses)
    L = Objective(net, (nodes, kinds), lambda outputs, y: losses(outputs, y)["total"])
    assert torch.allclose(L(L.point()), F.cross_entropy(net(nodes), kinds))


def test_an_objective_of_mixed_up_arguments():
    net = build(lambda: nn.Linear(4, 3))
    with pytest.raises(
        TypeError, match=r"got Tensor; pass the data as a pair: Objective\(model, \(x, y\)"
    ):
        Objective(net, nodes, kinds)
    for data in (F.cross_entropy, net):
        with pytest.raises(TypeError, match=r"expected a pair \(x, y\)"):
            Objective(net, data, F.cross_entropy)
    L = Objective(net, (nodes, kinds), F.cross_entropy)
    with pytest.raises(TypeError, match=r"must be a torch\.nn\.Module, got Objective"):
        Objective(L, (nodes, kinds), F.cross_entropy)
    with pytest.raises(TypeError, match=r"L\.point takes a model and returns its point"):
        L.point(L.point())
    for wrong in (net, Slice.random(L.point()), "θ", None, [net, net], net.state_dict()):
        with pytest.raises(TypeError, match=r"Linear has points of shape \(\.\.\., 15\), but got"):
            L(wrong)
    assert L([L.point(net), L.point()]).shape == (2,), "a list of points is fine"
    for wrong in (net, nodes):
        with pytest.raises(TypeError, match=r"L must be an Objective.*L = Objective\(model, data"):
            scan(wrong, Slice.random(L.point()))
    for wrong in (L.point(), net, ((0, 1),)):
        with pytest.raises(
            TypeError, match=r"needs a Slice, but got .*Slice\.random\(L\.point\(\)\)"
        ):
            scan(L, wrong)
    assert scan(L, Slice.random(L.point()), 3).loss.shape == (3, 3), "as the message says"


def test_weights_of_examples_are_targets():
    weights = torch.rand(30, generator=seeded(3), dtype=torch.float64)
    net = build(lambda: nn.Linear(4, 3))

    def loss(outputs, targets):
        y, w = targets
        return (w * F.cross_entropy(outputs, y, reduction="none")).mean()

    with pytest.raises(ValueError, match=r"data \(x, \(y, weights\)\), and a loss that takes"):
        Objective(net, (nodes, kinds), lambda outputs, y: loss(outputs, (y, weights)))
    L = Objective(net, (nodes, (kinds, weights)), loss, batch_size=7)
    assert torch.allclose(L(L.point()), loss(net(nodes), (kinds, weights)))
