"""Predictions of chapter 2: models as points."""

from .question import question

question(
    "02.1",
    "In which problem does one straight line separate the 0s from the 1s?",
    "diagonal",
    "XOR",
    "both",
    right="diagonal",
    wrong={
        "XOR": "Two classes that fill whole corners are easy to separate.",
        "both": "A line can separate any two classes that don't overlap.",
    },
    asked="c02-03",
    shown="c02-04",
)

question(
    "02.2",
    "Will the walk be a straight line to the goal?",
    "straight, in equal steps",
    "straight, slower and slower",
    "bent, slower and slower",
    "bent, in equal steps",
    right="bent, slower and slower",
    wrong={
        "straight, in equal steps": "The gradient points to the minimum, and the learning rate is "
        "the length of a step.",
        "straight, slower and slower": "The gradient points to the minimum.",
        "bent, in equal steps": "The learning rate is the length of a step.",
    },
    asked="c02-12",
    shown="c02-13",
)

question(
    "02.3",
    "Where on this bowl does the walk run?",
    "straight to the lowest point",
    "first down, then along the floor",
    "along one contour",
    right="first down, then along the floor",
    wrong={
        "straight to the lowest point": "The steepest way down leads to the lowest point.",
        "along one contour": "Training follows the contours.",
    },
    asked="c02-20",
    shown="c02-21",
)

question(
    "02.4",
    "Where is a model that gives the opposite answers?",
    "at −θ",
    "where the two weights have changed places",
    "nowhere on this map",
    right="where the two weights have changed places",
    wrong={
        "at −θ": "Opposite parameters give opposite answers.",
        "nowhere on this map": "All models near a good one are similar to it.",
    },
    asked="c02-explore-1",
    shown="c02-24",
)

question(
    "02.5",
    "Will ten trainings of Model 1 all end in the same place?",
    "yes, all ten",
    "in a few different places",
    "each somewhere else",
    right="yes, all ten",
    wrong={
        "in a few different places": "Every landscape has several minima.",
        "each somewhere else": "Where training ends always depends on where it starts.",
    },
    asked="c02-25",
    shown="c02-26",
)

question(
    "02.6",
    "Which learning rate ends lowest after 100 steps?",
    "0.01",
    "0.1",
    "1",
    "1.8",
    right="1",
    wrong={
        "0.01": "Small steps are slower but always more exact.",
        "0.1": "The usual setting is the best one.",
        "1.8": "Larger steps always get further down.",
    },
    asked="c02-49",
    shown="c02-50",
)

question(
    "02.7",
    "Ten trainings of Model 3, those with a low loss: are they close to each other as points?",
    "yes, they end near each other",
    "no, they are farther apart than at the start",
    "no, they are as far apart as at the start",
    right="no, they are farther apart than at the start",
    wrong={
        "yes, they end near each other": "Networks that predict alike have similar parameters.",
        "no, they are as far apart as at the start": "Training hardly moves a network.",
    },
    asked="c02-52",
    shown="c02-30",
)

question(
    "02.8",
    "All in one call: which takes longer for Model 1?",
    "300 steps of gradient descent",
    "a grid of 50 × 50 models",
    right="300 steps of gradient descent",
    wrong={
        "a grid of 50 × 50 models": "Trying everything is always slower than training.",
    },
    asked="c02-32",
    shown="02.2",
)

question(
    "02.9",
    "How many of the 500 examples do Model 1 and Model 2 decide correctly?",
    "Model 1 about 84%, Model 2 about 100%",
    "both about 84%",
    "both about 100%",
    right="Model 1 about 84%, Model 2 about 100%",
    wrong={
        "both about 84%": "One parameter more makes no difference.",
        "both about 100%": "The lowest loss means that all answers are correct.",
    },
    asked="c02-53",
    shown="02.4",
)

question(
    "02.10",
    "Three slices of Model 2's landscape. Which map have you seen before?",
    "that at b = 0",
    "that at b = 0.25",
    "that at b = 0.5",
    right="that at b = 0",
    wrong={
        "that at b = 0.25": "A model without a bias is like one with an average bias.",
        "that at b = 0.5": "Both models have their minimum at the same weights.",
    },
    asked="c02-56",
    shown="c02-57",
)
