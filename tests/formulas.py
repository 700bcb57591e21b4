"""Reads the formulas of the losses' cards, and computes them: what learners see must be true.

card     = sum [", cut off at ± 1" | ("if" | "for") condition ", else" sum]
sum      = product {("+" | "−") product}
product  = ["−"] factor {factor}
factor   = atom ["^" digit]
"""

import re

import torch
from torch import Tensor

TOKEN = re.compile(r"\\tfrac\d\d|\\(?:text|mathrm)\{[^}]*\}|\\[A-Za-z]+|\d+|_[a-z]|[^\s\\]")
COMPARISONS = {"<": torch.lt, r"\le": torch.le, "=": torch.eq}


def computed(card: str, **symbols: Tensor) -> Tensor:
    """The value of a card's formula.

    Args:
        card: LaTeX.
        symbols: values of `y`, `y_hat`, `z`, `p` and the class number `c`, whichever occur in it.

    Raises:
        ValueError: if a part of it can't be read.

    >>> y_hat, y = torch.tensor([3.0, 0.0], dtype=torch.float64)
    >>> computed(r"2(\\hat y - y) \\text{ if } y < 1 \\text{, else } -\\tfrac12", y=y, y_hat=y_hat)
    tensor(6., dtype=torch.float64)
    """
    return _Reader(card, symbols).card()


class _Reader:
    def __init__(self, card: str, symbols: dict[str, Tensor]):
        self.card_text, self.symbols = card, symbols
        self.left = [re.sub(r"\\text\{\W*(.*?)\s*\}", r"\1", t) for t in TOKEN.findall(card)]

    @property
    def next(self) -> str:
        return self.left[0] if self.left else ""

    def take(self, expected: str = "") -> str:
        if not self.left or (expected and self.next != expected):
            raise ValueError(
                f"expected {expected or 'more'} before {self.left} in {self.card_text}"
            )
        return self.left.pop(0)

    def card(self) -> Tensor:
        value = self.sum()
        if self.next in ("if", "for"):
            self.take()
            left, compare, right = self.sum(), COMPARISONS[self.take()], self.sum()
            self.take("else")
            value = torch.where(compare(left, right), value, self.sum())
        elif self.next == "cut off at":
            self.take()
            self.take(r"\pm")
            limit = self.sum()
            value = value.clamp(-limit, limit)
        if self.left:
            raise ValueError(f"can't read {self.left} in {self.card_text}")
        return value

    def sum(self) -> Tensor:
        value = self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value = value + sign * self.product()
        return value

    def product(self) -> Tensor:
        if self.next == "-":
            self.take()
            return -self.product()
        value = self.factor()
        while re.match(r"[a-z(0-9]$|\\(hat|t?frac|lvert|ln|max|sum|mathrm)", self.next):
            value = value * self.factor()
        return value

    def factor(self) -> Tensor:
        value = self.atom()
        if self.next == "^":
            self.take()
            value = value ** int(self.take())
        return value

    def atom(self) -> Tensor:
        token = self.take()
        if token.isdigit():
            return torch.tensor(float(token), dtype=torch.float64)
        if token.startswith(r"\tfrac"):
            return torch.tensor(int(token[-2]) / int(token[-1]), dtype=torch.float64)
        if token == r"\frac":
            return self.inside("{", "}") / self.inside("{", "}")
        if token == "(":
            return self.until(")")
        if token == r"\lvert":
            return self.until(r"\rvert").abs()
        if token == r"\ln":
            return self.factor().log()
        if token == r"\sum":
            self.take("_c")
            return self.product().sum()
        if token == r"\max":
            self.take("(")
            return torch.maximum(self.until(","), self.until(")"))
        if token == r"\mathrm{sign}":
            return self.inside("(", ")").sign()
        if token == r"\mathrm{softmax}":
            return self.indexed(self.inside("(", ")").softmax(dim=0))
        if token == r"\hat":
            return self.symbols[self.take() + "_hat"]
        if token in self.symbols:
            return self.indexed(self.symbols[token])
        raise ValueError(f"can't read {token} in {self.card_text}")

    def inside(self, opening: str, closing: str) -> Tensor:
        self.take(opening)
        return self.until(closing)

    def until(self, closing: str) -> Tensor:
        value = self.sum()
        self.take(closing)
        return value

    def indexed(self, values: Tensor) -> Tensor:
        """A vector at its index, if one follows; at `_c` it is every entry at once."""
        return values[self.symbols[self.take()[1:]]] if self.next.startswith("_") else values
