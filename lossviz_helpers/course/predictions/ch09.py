"""Predictions of chapter 9: how steep can you walk?"""

from .question import question

question(
    "09.1",
    "A learning rate of exactly 2/λmax on a bowl: what will the walk do?",
    "arrive, slowly",
    "jump from wall to wall, never closer",
    "fly out of the bowl",
    right="jump from wall to wall, never closer",
    wrong={
        "arrive, slowly": "On a bowl every walk arrives in the end.",
        "fly out of the bowl": "A rate at the limit is already too large.",
    },
    asked="c09-05",
    shown="c09-07",
)

question(
    "09.2",
    "λmax starts at 0.4 of 2/lr. What will it do?",
    "fall",
    "rise to about 2/lr, and hover there",
    "rise far beyond 2/lr",
    "stay",
    right="rise to about 2/lr, and hover there",
    wrong={
        "fall": "Training leads to flatter places.",
        "rise far beyond 2/lr": "Nothing keeps a walk from ever steeper ground.",
        "stay": "Sharpness belongs to a network, whatever training does.",
    },
    asked="c09-09",
    shown="c09-12",
)

question(
    "09.3",
    "A rate 16 times as small: does λmax climb to an edge 16 times as high?",
    "yes",
    "it rises, but not that far",
    "it doesn't rise at all",
    right="it rises, but not that far",
    wrong={
        "yes": "Every walk ends at its edge of stability.",
        "it doesn't rise at all": "Only large steps lead to steeper ground.",
    },
    asked="c09-13",
    shown="c09-14",
)

question(
    "09.4",
    "Model 3, within 2000 steps: with which rate does λmax reach 2/lr?",
    "with 0.5 and with 2",
    "only with 2",
    "only with 0.5",
    right="only with 2",
    wrong={
        "with 0.5 and with 2": "The edge is reached with any rate, if one waits a little.",
        "only with 0.5": "A small step can walk on steeper ground, so it gets there first.",
    },
    asked="c09-explore-1",
    shown="c09-explore-3",
)

question(
    "09.5",
    "With cross-entropy: will λmax rise to 2/lr here, too?",
    "yes, in both networks",
    "only in the deeper one",
    "no, in neither",
    right="no, in neither",
    wrong={
        "yes, in both networks": "The edge of stability is the same for every loss.",
        "only in the deeper one": "In a deep network λmax rises until it meets the edge.",
    },
    asked="c09-explore-4",
    shown="c09-17",
)

question(
    "09.6",
    "The rate is raised to f · 2/λmax. Which walks survive?",
    "none",
    "1.2 and 1.5",
    "all three",
    right="1.2 and 1.5",
    wrong={
        "none": "Beyond 2/λmax every walk flies off, as on a bowl.",
        "all three": "A network always finds its way back.",
    },
    asked="c09-19",
    shown="c09-20",
)

question(
    "09.7",
    "Which walk ends farther along the river?",
    "a large rate, then a small one",
    "the small rate all along",
    "both equally far",
    right="a large rate, then a small one",
    wrong={
        "the small rate all along": "Small steps make steadier progress.",
        "both equally far": "The same number of steps leads equally far.",
    },
    asked="c09-25",
    shown="c09-26",
)

question(
    "09.8",
    "The rate is cut to a tenth. With which labels does the loss drop at once?",
    "with noisy labels",
    "with clean labels",
    "with both",
    right="with noisy labels",
    wrong={
        "with clean labels": "Only what is learnt well can be refined.",
        "with both": "A cut of the learning rate always makes the loss drop.",
    },
    asked="c09-28",
    shown="c09-30",
)

question(
    "09.9",
    "For which network does a warm-up allow the largest gain?",
    "started as usual",
    "started on steeper ground",
    "the deeper one with cross-entropy",
    right="started on steeper ground",
    wrong={
        "started as usual": "A warm-up helps any network by about the same.",
        "the deeper one with cross-entropy": "Warm-up is for deep networks.",
    },
    asked="c09-32",
    shown="c09-33",
)

question(
    "09.10",
    "λmax over the noise scale: will all points lie on one curve?",
    "with both losses",
    "with cross-entropy, nearly; with the squared error not",
    "with neither",
    right="with cross-entropy, nearly; with the squared error not",
    wrong={
        "with both losses": "Learning rate and batch size matter only through their ratio.",
        "with neither": "The noise of a step has nothing to do with curvature.",
    },
    asked="c09-35",
    shown="c09-36",
)
