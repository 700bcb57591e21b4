"""Predictions of chapter 1: loss functions."""

from .question import question

question(
    "01.1",
    "The output goes from 0.6 to 0.61, and the target is 1. Which number notices?",
    "the accuracy",
    "the loss",
    "both",
    right="the loss",
    wrong={
        "the accuracy": "Accuracy says how good an answer is, loss only if it's right.",
        "both": "A better output always shows in the accuracy.",
    },
    asked="c01-04",
    shown="c01-07",
)

question(
    "01.2",
    "The target is 0. How does the squared loss change if the model says 4 instead of 2?",
    "it doubles",
    "it becomes four times as large",
    "it grows by 2",
    right="it becomes four times as large",
    wrong={
        "it doubles": "Twice the error costs twice the loss.",
        "it grows by 2": "The loss grows by as much as the error.",
    },
    asked="c01-09",
    shown="c01-10",
)

question(
    "01.3",
    "The target is 1, and the output starts at 4. How does it move?",
    "down, in equal steps",
    "down, in shorter and shorter steps",
    "up, in shorter and shorter steps",
    right="down, in shorter and shorter steps",
    wrong={
        "down, in equal steps": "The multiple alone sets the length of a step.",
        "up, in shorter and shorter steps": "A step goes along the gradient, not against it.",
    },
    asked="c01-71",
    shown="c01-72",
)

question(
    "01.4",
    "The model is sure and wrong. Which loss has the steeper slope there?",
    "the squared error",
    "cross-entropy",
    "they are about equally steep",
    right="cross-entropy",
    wrong={
        "the squared error": "Squaring makes the squared error punish large mistakes most, always.",
        "they are about equally steep": "A loss that is high is also steep.",
    },
    asked="c01-74",
    shown="c01-75",
)

question(
    "01.5",
    "The output gets worse and worse. Which losses pull harder and harder, without a limit?",
    "all that grow without a limit",
    "squared error alone",
    "squared error and binary cross-entropy",
    right="squared error and binary cross-entropy",
    wrong={
        "all that grow without a limit": "If a loss grows without a limit, so does its gradient.",
        "squared error alone": "Logarithms grow slowly, so their slopes stay small.",
    },
    asked="c01-17",
    shown="c01-20",
)
