"""A question before a figure: the right choice with its evidence, wrong ones with a misconception.

    question(
        "02.2",
        "Will the walk be a straight line to the goal?",
        right="it bends",
        wrong={"straight": "The negative gradient points to the minimum."},
        choices=("straight", "it bends"),
        asked="c02-12",
        shown="c02-13",
    )

Nobody meets a misconception as a verdict: it is a sentence that many people would agree with.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question with choices.

    Attributes:
        number: chapter and place in it, such as "02.3".
        asks: the question, which can be understood without the chapter's cell.
        choices: in the order in which they are shown.
        right: the right one.
        misconceptions: for each of the others, the sentence that whoever chooses it may believe.
        asked: id of the text cell that asks *Predict*.
        shown: the evidence for the right choice: id of a code cell with an output, or the number of
            a claim.
    """

    number: str
    asks: str
    choices: tuple[str, ...]
    right: str
    misconceptions: dict[str, str]
    asked: str
    shown: str

    def pick(self, choice: str | int) -> str:
        """A choice by its text, or by its place from 1 on.

        Raises:
            ValueError: if there is no such choice.

        >>> find("02.3").pick(1)
        'straight to the lowest point'
        """
        if isinstance(choice, int) and 1 <= choice <= len(self.choices):
            return self.choices[choice - 1]
        if choice in self.choices:
            return str(choice)
        listed = ", ".join(f"{i}: {text!r}" for i, text in enumerate(self.choices, 1))
        raise ValueError(
            f"prediction {self.number} has no choice {choice!r}; give its text or its number: "
            f"{listed}"
        )


QUESTIONS: dict[str, Question] = {}


def question(
    number: str,
    asks: str,
    *choices: str,
    right: str,
    wrong: dict[str, str],
    asked: str,
    shown: str,
) -> None:
    """Register a question; see `Question`.

    Raises:
        ValueError: if the number is taken, or right and wrong aren't together the choices.
    """
    if number in QUESTIONS:
        raise ValueError(f"prediction {number!r} is asked already: choose another number")
    if sorted([right, *wrong]) != sorted(choices):
        raise ValueError(
            f"prediction {number}: expected the choices {sorted(choices)} as right or wrong, got "
            f"{sorted([right, *wrong])}"
        )
    QUESTIONS[number] = Question(number, asks, choices, right, wrong, asked, shown)


def find(number: str) -> Question:
    """A question by its number.

    Raises:
        ValueError: if there is none.
    """
    if number not in QUESTIONS:
        listed = ", ".join(sorted(QUESTIONS))
        raise ValueError(f"there is no prediction {number!r}; choose from {listed}")
    return QUESTIONS[number]
