"""Reads the formulas of the losses' cards, and computes them: what learners see must be true.

card     = sum [", cut off at ± 1" | ("if" | "for") condition ", else" card]
sum      = product {("+" | "−") product}
product  = ["−"] factor {factor}
factor   = atom ["^" (digit | "{" sum "}")]

An atom is a number, a symbol, something in parentheses, `\\frac{}{}`, `\\sqrt{}`, a function of
`FUNCTIONS` before its argument, `\\max(,)`, `\\min(,)`, `\\mathrm{softmax}(z)_c` or `\\sum_c`.
"""

import math
import re
from collections.abc import Callable

import torch
from torch import Tensor

TOKEN = re.compile(
    r"\\tfrac\d\d|\\(?:text|mathrm)\{[^}]*\}|\\[A-Za-z]+|\d+(?:\.\d+)?|_[a-z]|[^\s\\]"
)
LAYOUT = re.compile(r"\\(?:left|right|cdot|quad|[,;!])")  # says how it looks, not what it is
COMPARISONS = {
    "<": torch.lt, ">": torch.gt, r"\le": torch.le, r"\ge": torch.ge, "=": torch.eq,
}  # fmt: skip
FUNCTIONS = {
    r"\ln": torch.log,
    r"\exp": torch.exp,
    r"\sinh": torch.sinh,
    r"\cosh": torch.cosh,
    r"\tanh": torch.tanh,
    r"\sigma": torch.sigmoid,
    r"\mathrm{sign}": torch.sign,
}
WORDS = ("if", "for", "else", "cut off at")
BEGINS_A_FACTOR = re.compile(
    r"[a-z(\d]|\\(hat|t?frac|sqrt|lvert|max|min|sum|mathrm|"
    + "|".join(name.strip("\\") for name in FUNCTIONS if name.strip("\\").isalpha())
    + ")"
)


def computed(card: str, **symbols: Tensor) -> Tensor:
    """The value of a card's formula.

    Args:
        card: LaTeX.
        symbols: values of `y`, `y_hat`, `z`, `p` and the class index `c`, whichever occur in it.

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
        self.left = [
            re.sub(r"\\text\{\W*(.*?)\s*\}", r"\1", t) for t in TOKEN.findall(LAYOUT.sub("", card))
        ]

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
        value = self.cases()
        if self.left:
            raise ValueError(f"can't read {self.left} in {self.card_text}")
        return value

    def cases(self) -> Tensor:
        value = self.sum()
        if self.next in ("if", "for"):
            self.take()
            left, compare, right = self.sum(), self.comparison(), self.sum()
            self.take("else")
            return torch.where(compare(left, right), value, self.cases())
        if self.next == "cut off at":
            self.take()
            self.take(r"\pm")
            limit = self.sum()
            return value.clamp(-limit, limit)
        return value

    def comparison(self) -> Callable[[Tensor, Tensor], Tensor]:
        if self.next not in COMPARISONS:
            raise ValueError(
                f"expected one of {', '.join(COMPARISONS)}, got {self.next!r} before "
                f"{self.left[1:]} in {self.card_text}"
            )
        return COMPARISONS[self.take()]

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
        while self.next not in ("if", "for", "else", "cut off at") and BEGINS_A_FACTOR.match(
            self.next
        ):
            value = value * self.factor()
        return value

    def factor(self) -> Tensor:
        value = self.atom()
        if self.next == "^":
            self.take()
            value = value ** (self.inside("{", "}") if self.next == "{" else int(self.take()))
        return value

    def atom(self) -> Tensor:
        token = self.take()
        if token[0].isdigit():
            return torch.tensor(float(token), dtype=torch.float64)
        if token == "e":
            return torch.tensor(math.e, dtype=torch.float64)
        if token.startswith(r"\tfrac"):
            return torch.tensor(int(token[-2]) / int(token[-1]), dtype=torch.float64)
        if token == r"\frac":
            return self.inside("{", "}") / self.inside("{", "}")
        if token == "(":
            return self.until(")")
        if token == r"\lvert":
            return self.until(r"\rvert").abs()
        if token == r"\sqrt":
            return self.inside("{", "}").sqrt()
        if token in FUNCTIONS:
            return FUNCTIONS[token](self.factor())
        if token == r"\sum":
            self.take("_c")
            return self.product().sum()
        if token in (r"\max", r"\min"):
            self.take("(")
            choose = torch.maximum if token == r"\max" else torch.minimum
            return choose(self.until(","), self.until(")"))
        if token == r"\mathrm{softmax}":
            return self.indexed(self.inside("(", ")").softmax(dim=0))
        if token == r"\hat":
            token = self.take() + "_hat"
        if token in self.symbols:
            return self.indexed(self.symbols[token])
        raise ValueError(
            f"can't read {token} in {self.card_text}; there are {', '.join(self.symbols)}"
        )

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
