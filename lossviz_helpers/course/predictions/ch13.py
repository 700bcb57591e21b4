"""Predictions of chapter 13: beyond loss."""

from .question import question

question(
    "13.1",
    "Can a model have a loss of exactly 0, and be right in none of the cases?",
    "no, never",
    "yes, with a badly chosen loss",
    "yes, with cross-entropy too",
    right="yes, with a badly chosen loss",
    wrong={
        "no, never": "A loss of zero means that every answer is right.",
        "yes, with cross-entropy too": "Loss and accuracy have nothing to do with each other.",
    },
    asked="c13-03",
    shown="c13-04",
)

question(
    "13.2",
    "Ten digits, every decision is right. How large can the loss be?",
    "0",
    "at most a tenth of a guess's",
    "nearly that of a guess",
    right="nearly that of a guess",
    wrong={
        "0": "If all decisions are right, nothing is left to lose.",
        "at most a tenth of a guess's": "Whoever decides correctly is also sure.",
    },
    asked="c13-bound",
    shown="c13-06",
)

question(
    "13.3",
    "Digits moved by a pixel: how often are the networks right, and how sure are they?",
    "often right, and sure",
    "seldom right, and unsure",
    "seldom right, and sure",
    right="seldom right, and sure",
    wrong={
        "often right, and sure": "What is the same digit to us is the same to a network.",
        "seldom right, and unsure": "A network notices that it doesn't know.",
    },
    asked="c13-12",
    shown="c13-15",
)

question(
    "13.4",
    "The temperature goes from very low to very high. What happens to the mistakes?",
    "they stay as they are",
    "they become fewer, then more",
    "they become more and more",
    right="they stay as they are",
    wrong={
        "they become fewer, then more": "A lower loss means fewer mistakes.",
        "they become more and more": "A less sure model decides worse.",
    },
    asked="c13-17",
    shown="c13-temperature-2",
)

question(
    "13.5",
    "Will the best temperatures mend the calibration?",
    "on upright and on turned digits",
    "on upright digits, and only partly on turned ones",
    "on neither",
    right="on upright digits, and only partly on turned ones",
    wrong={
        "on upright and on turned digits": "What is calibrated once is calibrated everywhere.",
        "on neither": "One number can't mend a whole network.",
    },
    asked="c13-calibration",
    shown="c13-20",
)

question(
    "13.6",
    "A and B have equal loss. Who makes more mistakes for the few?",
    "A",
    "B",
    "both about the same",
    right="A",
    wrong={
        "B": "Who learns from a hint is better at hard cases, too.",
        "both about the same": "Equal loss means equally good for everyone.",
    },
    asked="c13-25",
    shown="c13-28",
)

question(
    "13.7",
    "Which of the two groups does the map of the mean look like?",
    "the many",
    "the few",
    "it lies halfway between them",
    right="the many",
    wrong={
        "the few": "The worst cases shape a landscape.",
        "it lies halfway between them": "A mean treats all groups alike.",
    },
    asked="c13-30",
    shown="c13-32",
)

question(
    "13.8",
    "After 300 steps, noisy labels: does a network sharper by λmax make more mistakes?",
    "yes, more",
    "no connection",
    "no, fewer",
    right="no, fewer",
    wrong={
        "yes, more": "Flat minima generalise better, so sharp ones make more mistakes.",
        "no connection": "Sharpness says nothing at all.",
    },
    asked="c13-36",
    shown="c13-37",
)

question(
    "13.9",
    "At equal loss, do measures of sharpness rise with the error?",
    "all of them, and for every way to train",
    "most of them, except where Adam was used",
    "none of them",
    right="most of them, except where Adam was used",
    wrong={
        "all of them, and for every way to train": "At equal loss the flatter model is better.",
        "none of them": "Once the loss is fixed, sharpness has no meaning.",
    },
    asked="c13-39a",
    shown="c13-39",
)
