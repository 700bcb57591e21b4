"""Predictions of chapter 11: sharpness-aware minimisation."""

from .question import question

question(
    "11.1",
    "On the floor the gradient is almost zero. And up on the wall, ρ away?",
    "almost zero, too",
    "clearly larger",
    "it points along the floor",
    right="clearly larger",
    wrong={
        "almost zero, too": "Near a minimum all gradients are nearly zero.",
        "it points along the floor": "A gradient near a valley points along it.",
    },
    asked="c11-08",
    shown="c11-09",
)

question(
    "11.2",
    "Six starts, 1000 steps: where does SAM end?",
    "where each start meets the floor",
    "near the widest place, from all six",
    "up on the walls",
    right="near the widest place, from all six",
    wrong={
        "where each start meets the floor": "Once the loss is zero nothing moves any more.",
        "up on the walls": "An optimiser that looks uphill stays uphill.",
    },
    asked="c11-64",
    shown="c11-11",
)

question(
    "11.3",
    "As the training loss falls, does SGD's λmax rise or fall?",
    "it falls with both losses",
    "it rises with both losses",
    "it falls with cross-entropy and rises with the squared error",
    right="it falls with cross-entropy and rises with the squared error",
    wrong={
        "it falls with both losses": "A lower loss is always a flatter place.",
        "it rises with both losses": "The way down always gets steeper.",
    },
    asked="c11-17",
    shown="c11-19",
)

question(
    "11.4",
    "Nearly the same training loss: what is different around SGD's and SAM's solutions?",
    "nothing",
    "SAM's floor is wider",
    "SAM's walls are far lower",
    right="SAM's floor is wider",
    wrong={
        "nothing": "Two points of equal loss have similar surroundings.",
        "SAM's walls are far lower": "A flat place is flat as far as one can see.",
    },
    asked="c11-22",
    shown="c11-24",
)

question(
    "11.5",
    "Which of the three comparisons is the hardest test for SAM?",
    "equal steps",
    "equal loss",
    "equal cost",
    right="equal cost",
    wrong={
        "equal steps": "A step costs the same with every optimiser.",
        "equal loss": "Flatness is only another name for a low loss.",
    },
    asked="c11-26",
    shown="c11-29",
)

question(
    "11.6",
    "SGD with learning rate 1, after equally many epochs: flatter or sharper than SAM?",
    "far flatter",
    "about as flat",
    "far sharper",
    right="far flatter",
    wrong={
        "about as flat": "The learning rate has nothing to do with sharpness.",
        "far sharper": "Only an optimiser that looks for flat places finds them.",
    },
    asked="c11-66",
    shown="c11-65",
)

question(
    "11.7",
    "SGD memorises the noisy labels. And SAM?",
    "just as fast",
    "it gets there later",
    "never, whatever the epoch",
    right="it gets there later",
    wrong={
        "just as fast": "All optimisers memorise at the same pace.",
        "never, whatever the epoch": "A flat minimum can't hold noisy labels.",
    },
    asked="c11-42",
    shown="c11-45",
)

question(
    "11.8",
    "Both choose their settings: what does SAM gain with 20% noisy labels?",
    "nothing that can be seen",
    "about two points",
    "more than five points",
    right="nothing that can be seen",
    wrong={
        "about two points": "What an optimiser gains untuned, it gains tuned.",
        "more than five points": "Flatter is better, and tuning makes it flatter yet.",
    },
    asked="c11-31",
    shown="c11-67",
)

question(
    "11.9",
    "Does the area with a loss below 0.1 keep growing with ρ?",
    "yes",
    "at first, then it shrinks",
    "it shrinks from the start",
    right="at first, then it shrinks",
    wrong={
        "yes": "If a little looking around helps, more helps more.",
        "it shrinks from the start": "Looking uphill costs loss at once.",
    },
    asked="c11-70",
    shown="c11-72",
)

question(
    "11.10",
    "After 25 epochs: is the solution with weight decay flatter than SGD's?",
    "flatter",
    "sharper",
    "equally sharp",
    right="sharper",
    wrong={
        "flatter": "Smaller weights make a flatter landscape.",
        "equally sharp": "Weight decay changes the weights, not the landscape around them.",
    },
    asked="c11-38",
    shown="c11-40",
)
