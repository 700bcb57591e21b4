"""Predictions of chapter 12: paths between minima."""

from .question import question

question(
    "12.1",
    "Both ends are nearly perfect. How good is the model halfway?",
    "as good as the ends",
    "a few points worse",
    "no better than a guess",
    right="a few points worse",
    wrong={
        "as good as the ends": "The average of two good networks is a good one.",
        "no better than a guess": "On a barrier a network knows nothing.",
    },
    asked="c12-05",
    shown="c12-08",
)

question(
    "12.2",
    "Is there a barrier between a network and its own shuffled copy?",
    "none",
    "a small one",
    "about as high as between two different networks",
    right="about as high as between two different networks",
    wrong={
        "none": "The same function can't have a hill to itself.",
        "a small one": "A barrier shows how different two networks are.",
    },
    asked="c12-10",
    shown="c12-11",
)

question(
    "12.3",
    "After matching, what is left of the barrier between two different networks?",
    "nearly nothing",
    "about half",
    "nearly all of it",
    right="nearly nothing",
    wrong={
        "about half": "Order and content share the barrier evenly.",
        "nearly all of it": "Two separate trainings learn different things.",
    },
    asked="c12-13",
    shown="c12-16",
)

question(
    "12.4",
    "Order and signs: for which network does matching the order alone leave most?",
    "digits, ReLU",
    "digits, tanh",
    "Model 3 on XOR, tanh",
    right="Model 3 on XOR, tanh",
    wrong={
        "digits, ReLU": "ReLU cuts off signs, so they matter there most.",
        "digits, tanh": "The larger a network, the more there is to match.",
    },
    asked="c12-50",
    shown="c12-55",
)

question(
    "12.5",
    "How much of the hill is left on a trained curve, after 30 steps?",
    "nothing",
    "about half",
    "all: the hill goes all around",
    right="nothing",
    wrong={
        "about half": "One point is too little to avoid a hill in thousands of dimensions.",
        "all: the hill goes all around": "Two minima are two separate pits.",
    },
    asked="c12-18",
    shown="c12-19",
)

question(
    "12.6",
    "What does the landscape look like on the plane through A, B and C?",
    "two pits",
    "one valley",
    "a ring of hills",
    right="one valley",
    wrong={
        "two pits": "A hill on the line means two separate low places.",
        "a ring of hills": "A good network is surrounded by bad ones on all sides.",
    },
    asked="c12-21",
    shown="c12-22",
)

question(
    "12.7",
    "The last layer of a network that makes no training mistake, times 1.5: its loss?",
    "rises, for it is a minimum",
    "stays about the same",
    "falls",
    right="falls",
    wrong={
        "rises, for it is a minimum": "Training ends at a minimum.",
        "stays about the same": "If all decisions stay, so does the loss.",
    },
    asked="c12-57",
    shown="c12-52",
)

question(
    "12.8",
    "C is pulled out further than training put it. What is the highest loss on the way?",
    "far higher: there is a wall",
    "that of the ends, still",
    "a little higher",
    right="that of the ends, still",
    wrong={
        "far higher: there is a wall": "A path of low loss runs along a narrow valley.",
        "a little higher": "Training puts C at the only best place.",
    },
    asked="c12-explorer-1",
    shown="c12-63",
)

question(
    "12.9",
    "Same start, another order of the batches: which barrier?",
    "as between two starts",
    "a smaller one",
    "almost none",
    right="almost none",
    wrong={
        "as between two starts": "Two trainings always end in two valleys.",
        "a smaller one": "Half of what is random makes half of the barrier.",
    },
    asked="c12-29",
    shown="c12-30",
)

question(
    "12.10",
    "Which one works without a barrier for the narrow deep network, too?",
    "matching",
    "a bent path",
    "one start",
    "none of them",
    right="a bent path",
    wrong={
        "matching": "Barriers come from the order of units in every network.",
        "one start": "Two walks from one start stay together in every network.",
        "none of them": "In a narrow network every solution stands alone.",
    },
    asked="c12-60",
    shown="c12-35",
)

question(
    "12.11",
    "Which single change makes matching leave much less?",
    "64 units a layer",
    "ReLU",
    "SGD",
    right="64 units a layer",
    wrong={
        "ReLU": "Without signs there is less to match.",
        "SGD": "The optimiser decides in which valley a network ends.",
    },
    asked="c12-61",
    shown="c12-54",
)

question(
    "12.12",
    "Where does the average of the three points lie?",
    "higher than all three",
    "between the best and the worst",
    "lower than all three",
    right="lower than all three",
    wrong={
        "higher than all three": "Between good points there is a hill.",
        "between the best and the worst": "An average is as good as its parts on average.",
    },
    asked="c12-70",
    shown="c12-73",
)

question(
    "12.13",
    "Noisy pixels, lowest rate: who makes the fewest errors?",
    "the last point",
    "the average",
    "the rate that falls to zero",
    right="the last point",
    wrong={
        "the average": "Averaging never does harm.",
        "the rate that falls to zero": "A walk should always end with small steps.",
    },
    asked="c12-76",
    shown="c12-90",
)

question(
    "12.14",
    "For which pair does the average read clearly fewer digits than its parents?",
    "two starts",
    "units matched",
    "one start",
    right="two starts",
    wrong={
        "units matched": "A network whose units were moved isn't the same any more.",
        "one start": "Two networks that are alike have nothing to give each other.",
    },
    asked="c12-77",
    shown="c12-78",
)
