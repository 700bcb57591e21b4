"""Predictions of chapter 8: skip connections."""

from .question import question

question(
    "08.1",
    "How much of this walk do two random directions hold?",
    "most of it, like two PCA directions",
    "about a tenth",
    "less than a thousandth",
    right="less than a thousandth",
    wrong={
        "most of it, like two PCA directions": "Any two directions show most of a walk.",
        "about a tenth": "Thousands of dimensions behave like 13.",
    },
    asked="c08-03",
    shown="c08-04",
)

question(
    "08.2",
    "The same function at two points: the same picture?",
    "yes, with any directions",
    "only with filter-normalised directions",
    "no, never",
    right="only with filter-normalised directions",
    wrong={
        "yes, with any directions": "A picture depends only on what a network computes.",
        "no, never": "Two different points always look different.",
    },
    asked="c08-08",
    shown="c08-10",
)

question(
    "08.3",
    "Each unit rescaled by a factor of its own: does filter normalisation undo that too?",
    "yes, completely",
    "nearly",
    "no",
    right="no",
    wrong={
        "yes, completely": "Filter normalisation undoes any change of scale.",
        "nearly": "Factors of single units average out.",
    },
    asked="c08-14",
    shown="c08-15",
)

question(
    "08.4",
    "Which of the six needs the most steps to a training loss of 0.1?",
    "the plain one",
    "the plain one, normalised",
    "h + f/√depth",
    right="the plain one",
    wrong={
        "the plain one, normalised": "A normalisation layer is one more thing to learn.",
        "h + f/√depth": "A network whose layers are scaled down learns more slowly than any other.",
    },
    asked="c08-21",
    shown="c08-22",
)

question(
    "08.5",
    "Around which of the six networks do you expect smooth bowls?",
    "all with a skip connection",
    "those with h + f/√depth",
    "those with a normalisation layer",
    right="those with h + f/√depth",
    wrong={
        "all with a skip connection": "The skip alone makes a landscape smooth.",
        "those with a normalisation layer": "Normalisation makes every landscape smooth.",
    },
    asked="c08-25",
    shown="c08-26",
)

question(
    "08.6",
    "At which depth does the switch from plain to h + f/√depth change the map the least?",
    "3",
    "10",
    "20",
    right="3",
    wrong={
        "10": "A medium depth is where architectures are most alike.",
        "20": "In a deep network a single switch makes little difference.",
    },
    asked="c08-explorer-1",
    shown="c08-explorer-4",
)

question(
    "08.7",
    "Without normalisation layers, which part does most of the work?",
    "the skip connection",
    "the scale",
    "both do about the same",
    right="the scale",
    wrong={
        "the skip connection": "Skip connections are what makes landscapes smooth.",
        "both do about the same": "Two changes that come together share the credit.",
    },
    asked="c08-58",
    shown="c08-33",
)

question(
    "08.8",
    "A plain network with the scale and without the skip: will it learn?",
    "yes, with a smooth landscape",
    "yes, with a rough landscape",
    "no",
    right="no",
    wrong={
        "yes, with a smooth landscape": "What helps together with the skip helps without it.",
        "yes, with a rough landscape": "A constant factor in every layer hardly matters.",
    },
    asked="c08-59",
    shown="c08-37",
)

question(
    "08.9",
    "Which of the three kinds gets rougher with depth?",
    "only the plain one",
    "the plain one and h + f, far more than h + f/√depth",
    "none",
    right="the plain one and h + f, far more than h + f/√depth",
    wrong={
        "only the plain one": "A skip connection alone prevents that landscapes get rougher.",
        "none": "The depth of a network doesn't show in its landscape.",
    },
    asked="c08-63",
    shown="c08-34",
)

question(
    "08.10",
    "The network trains on: will λmax rise or fall?",
    "it rises",
    "it stays about the same",
    "it falls to a small part",
    right="it falls to a small part",
    wrong={
        "it rises": "Deeper in a valley the walls are steeper.",
        "it stays about the same": "Sharpness belongs to a network, not to a point.",
    },
    asked="c08-37t",
    shown="c08-38",
)

question(
    "08.11",
    "Which makes the larger difference to the two measures?",
    "the optimiser",
    "the architecture",
    "both about the same",
    right="the architecture",
    wrong={
        "the optimiser": "The shape of the landscape depends on the optimiser.",
        "both about the same": "Optimiser and architecture are choices of equal weight.",
    },
    asked="c08-42",
    shown="c08-45",
)
