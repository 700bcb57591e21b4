"""Predictions of chapter 4: PCA slices."""

from .question import question

question(
    "04.1",
    "What will a map look like whose two axes mean nearly the same?",
    "like the map at 90°, a little turned",
    "like stripes",
    "like noise",
    right="like stripes",
    wrong={
        "like the map at 90°, a little turned": "Any two directions show the same landscape.",
        "like noise": "A badly chosen map shows nothing regular.",
    },
    asked="c04-05",
    shown="c04-06",
)

question(
    "04.2",
    "Will a map's agreement with its mirror image fall steadily from 3° to 90°?",
    "yes, for every seed",
    "from 20° on it depends on the seed",
    "no, it stays high",
    right="from 20° on it depends on the seed",
    wrong={
        "yes, for every seed": "What is true of one network is true of all.",
        "no, it stays high": "The symmetry belongs to the landscape, not to the axes.",
    },
    asked="c04-09",
    shown="c04-60",
)

question(
    "04.3",
    "The walk of Model 1 is an arc. Which way will the first component point?",
    "along the walk",
    "across the walk",
    "towards the steepest slope at the start",
    right="along the walk",
    wrong={
        "across the walk": "PCA looks for what is unusual about a walk.",
        "towards the steepest slope at the start": "PCA knows the loss.",
    },
    asked="c04-10",
    shown="c04-11",
)

question(
    "04.4",
    "A random walk in 13 dimensions: what share will two components hold?",
    "about 2/13",
    "about half",
    "far more than half",
    right="far more than half",
    wrong={
        "about 2/13": "A random walk spreads evenly over all dimensions.",
        "about half": "Without learning, two components can't hold most of a walk.",
    },
    asked="c04-14",
    shown="c04-15",
)

question(
    "04.5",
    "Training's steps in random order: will two components hold more of that walk, or less?",
    "less",
    "as much",
    "more",
    right="more",
    wrong={
        "less": "A large share in two components shows that training knows where to go.",
        "as much": "The same steps have the same components, in any order.",
    },
    asked="c04-16",
    shown="c04-17",
)

question(
    "04.6",
    "How many low places will the map of Model 3 have?",
    "one",
    "several",
    "none inside the window",
    right="several",
    wrong={
        "one": "Every map shows one valley, the one that training found.",
        "none inside the window": "The low places of a network lie outside of any plane.",
    },
    asked="c04-20",
    shown="c04-21",
)

question(
    "04.7",
    "Which of the two points passes all three tests for a minimum?",
    "★, the end of training",
    "both",
    "neither",
    right="neither",
    wrong={
        "★, the end of training": "Training ends at a minimum.",
        "both": "A low point of a map is a minimum of the landscape.",
    },
    asked="c04-26",
    shown="c04-27",
)

question(
    "04.8",
    "Is one parameter to blame, so that mending it brings the loss down to that of ★?",
    "yes, the output bias",
    "yes, another one",
    "no, several have to change together",
    right="no, several have to change together",
    wrong={
        "yes, the output bias": "If a network is off, shifting its output mends it.",
        "yes, another one": "The steepest parameter alone leads to the bottom.",
    },
    asked="c04-32",
    shown="c04-33",
)

question(
    "04.9",
    "The plane turns towards the twin. What does the lowest point on the left do?",
    "it sinks from the start",
    "it rises a little, then sinks to the loss of ★",
    "it stays as it is",
    right="it rises a little, then sinks to the loss of ★",
    wrong={
        "it sinks from the start": "On the way to a lower place the loss falls all the time.",
        "it stays as it is": "A low point is a place, whichever plane shows it.",
    },
    asked="c04-explore-1",
    shown="c04-explore-3",
)

question(
    "04.10",
    "How much of the walk will two random directions hold, on average?",
    "nearly as much as PCA",
    "about 2/13",
    "nearly nothing",
    right="about 2/13",
    wrong={
        "nearly as much as PCA": "Any two directions show most of a walk.",
        "nearly nothing": "A random direction misses everything, even in 13 dimensions.",
    },
    asked="c04-43",
    shown="c04-45",
)
