"""Predictions of chapter 3: linear interpolation."""

from .question import question

question(
    "03.1",
    "Straight from A to B: what loss does the point meet?",
    "it falls all the way",
    "there is a hill on the way",
    "it stays level, then falls",
    right="it falls all the way",
    wrong={
        "there is a hill on the way": "Training takes a bend because there is a hill on the line.",
        "it stays level, then falls": "Only models close to a trained one are good.",
    },
    asked="c03-07",
    shown="c03-09",
)

question(
    "03.2",
    "What will the model halfway between A and B say?",
    "what A says",
    "what B says",
    "something in between",
    right="something in between",
    wrong={
        "what A says": "A model switches from one answer to the other at some point.",
        "what B says": "Anything that is half trained already knows the answer.",
    },
    asked="c03-14",
    shown="c03-15",
)

question(
    "03.3",
    "What happens if we go on past B?",
    "the loss goes on falling",
    "the loss stays as it is",
    "the loss rises again",
    right="the loss rises again",
    wrong={
        "the loss goes on falling": "What was a good direction so far stays a good one.",
        "the loss stays as it is": "Once a model is trained, the landscape is flat.",
    },
    asked="c03-17",
    shown="c03-18",
)

question(
    "03.4",
    "Is the mixture of two good networks a good network?",
    "yes, at least as good as both",
    "yes, but a little worse",
    "no, it fails",
    right="no, it fails",
    wrong={
        "yes, at least as good as both": "Mixing parameters is like averaging predictions.",
        "yes, but a little worse": "Between two good points the landscape can't be very high.",
    },
    asked="c03-23",
    shown="c03-24",
)

question(
    "03.5",
    "Parameters 9, 10 and 11: do any of them pass zero on the way?",
    "none",
    "one",
    "all three",
    right="one",
    wrong={
        "none": "Two networks that solve the same problem have weights of the same sign.",
        "all three": "At a hill between two networks everything changes its sign.",
    },
    asked="c03-explore-1",
    shown="c03-59",
)

question(
    "03.6",
    "Two hidden units change places. What happens?",
    "new predictions, and a barrier",
    "the same predictions, and no barrier",
    "the same predictions, and a barrier",
    right="the same predictions, and a barrier",
    wrong={
        "new predictions, and a barrier": "The order of the hidden units matters for the output.",
        "the same predictions, and no barrier": "A barrier means that two networks have learnt "
        "different things.",
    },
    asked="c03-32",
    shown="c03-33",
)

question(
    "03.7",
    "Which of the two takes the hill away?",
    "guess 1: matching signs",
    "guess 2: the closest twin",
    "neither",
    right="guess 2: the closest twin",
    wrong={
        "guess 1: matching signs": "The hill comes from output weights that pass zero.",
        "neither": "Two separate trainings find networks that differ in more than names.",
    },
    asked="c03-57",
    shown="c03-60",
)

question(
    "03.8",
    "Model 3 on XOR: on how many of the twenty lines does the loss fall all the way?",
    "all twenty",
    "some of them",
    "none",
    right="some of them",
    wrong={
        "all twenty": "There is always an easy slope from the start of training to its end.",
        "none": "Training has to get around a hill every time.",
    },
    asked="c03-35",
    shown="c03-38",
)

question(
    "03.9",
    "The line has a hill. What was the loss on the way that training really took?",
    "it climbed the same hill",
    "it climbed a lower hill",
    "it hardly climbed at all",
    right="it hardly climbed at all",
    wrong={
        "it climbed the same hill": "Training moves along the line from start to end.",
        "it climbed a lower hill": "Training has to get over every barrier somewhere.",
    },
    asked="c03-40",
    shown="c03-62",
)
