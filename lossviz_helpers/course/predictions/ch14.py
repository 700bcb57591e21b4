"""Predictions of chapter 14: your own model."""

from .question import question

question(
    "14.1",
    "The net is in training mode: what could be wrong with its loss?",
    "nothing",
    "it depends on the other examples of the batch",
    "it can't be differentiated",
    right="it depends on the other examples of the batch",
    wrong={
        "nothing": "The same parameters always give the same loss.",
        "it can't be differentiated": "Something wrong with a loss shows in its gradient.",
    },
    asked="c14-06",
    shown="c14-07",
)

question(
    "14.2",
    "Which two of the three curves go together?",
    "the loop, and the statistics of the end",
    "the loop, and each point's own statistics",
    "the statistics of the end, and each point's own",
    right="the loop, and each point's own statistics",
    wrong={
        "the loop, and the statistics of the end": "A landscape shows what training met.",
        "the statistics of the end, and each point's own": "Batch statistics hardly change.",
    },
    asked="c14-15",
    shown="c14-18",
)

question(
    "14.3",
    "In which of the three windows does the net seem to sit in a basin?",
    "in all three",
    "in that of 1",
    "in that of 0.1",
    right="in that of 1",
    wrong={
        "in all three": "A basin is a basin in any window.",
        "in that of 0.1": "The closer one looks, the better a basin can be seen.",
    },
    asked="c14-20",
    shown="c14-21",
)

question(
    "14.4",
    "The floor looks flat from −2 to 2. How good is the net at α = 2?",
    "as good as at 0",
    "a little worse",
    "no better than a guess",
    right="no better than a guess",
    wrong={
        "as good as at 0": "Where a curve looks flat, the loss is the same.",
        "a little worse": "A wide floor means that many models are good.",
    },
    asked="c14-22",
    shown="c14-23",
)

question(
    "14.5",
    "The line is fine enough, and gets twice as many points. How does the error change?",
    "half as large",
    "about a quarter",
    "hardly at all",
    right="about a quarter",
    wrong={
        "half as large": "Twice the work halves the error.",
        "hardly at all": "Once a curve looks smooth it is exact.",
    },
    asked="c14-24",
    shown="c14-25",
)

question(
    "14.6",
    "Can 25 lucky pictures give a better picture than 200 unlucky ones?",
    "no, more is always better",
    "yes, it happens",
    "yes, most of the time",
    right="yes, it happens",
    wrong={
        "no, more is always better": "What holds on average holds for every draw.",
        "yes, most of the time": "The number of examples makes little difference.",
    },
    asked="c14-26",
    shown="c14-30",
)

question(
    "14.7",
    "A plane of 31 × 31 models, each on 200 pictures. How long will it take?",
    "seconds",
    "minutes",
    "an hour",
    right="seconds",
    wrong={
        "minutes": "A thousand networks take a thousand times as long as one.",
        "an hour": "Drawing a landscape takes as long as training.",
    },
    asked="c14-32",
    shown="c14-35",
)

question(
    "14.8",
    "With statistics of its own at each point, is the basin wider or narrower?",
    "wider",
    "narrower",
    "the same",
    right="wider",
    wrong={
        "narrower": "Statistics that change make a landscape rougher.",
        "the same": "A landscape depends on the parameters alone.",
    },
    asked="c14-36",
    shown="c14-40",
)

question(
    "14.9",
    "The map of a transformer's training: how many low points does it show?",
    "none, it is a chaos",
    "several, like that of Model 3",
    "one",
    right="one",
    wrong={
        "none, it is a chaos": "A more complicated network has a wilder landscape.",
        "several, like that of Model 3": "Every landscape of a network has several valleys.",
    },
    asked="c14-52",
    shown="c14-53",
)

question(
    "14.10",
    "bfloat16 keeps 8 bits of each number. How wrong is the picture?",
    "by a few percent at most",
    "by half",
    "not at all",
    right="by a few percent at most",
    wrong={
        "by half": "Half of the bits means half of the picture.",
        "not at all": "A loss is a mean, so rounding averages out.",
    },
    asked="c14-59",
    shown="c14-60",
)
