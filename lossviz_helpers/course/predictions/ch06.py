"""Predictions of chapter 6: saddles and curvature."""

from .question import question

question(
    "06.1",
    "In which of the three will a walk slow down in the middle, and speed up again?",
    "in the bowl",
    "on the saddle",
    "on the dome",
    right="on the saddle",
    wrong={
        "in the bowl": "A walk overshoots a minimum and climbs the other side.",
        "on the dome": "A walk that starts slowly has to slow down again.",
    },
    asked="c06-03",
    shown="c06-06",
)

question(
    "06.2",
    "What does the landscape look like around u = v = 0?",
    "a minimum",
    "a maximum",
    "a saddle",
    right="a saddle",
    wrong={
        "a minimum": "Where the gradient is zero, training has arrived.",
        "a maximum": "A model that says nothing is the worst of all.",
    },
    asked="c06-07",
    shown="c06-08",
)

question(
    "06.3",
    "We start ten times nearer to the saddle. How much longer does the walk stay?",
    "ten times as long",
    "some steps longer, always as many",
    "twice as long each time",
    right="some steps longer, always as many",
    wrong={
        "ten times as long": "A tenth of the distance takes ten times as many steps.",
        "twice as long each time": "What is hard near a saddle gets harder and harder.",
    },
    asked="c06-12",
    shown="c06-13",
)

question(
    "06.4",
    "What will the model at the flat place say?",
    "“one half” to everything",
    "0 to everything",
    "nearly the right answers",
    right="“one half” to everything",
    wrong={
        "0 to everything": "A model that has learnt nothing says nothing.",
        "nearly the right answers": "Where the gradient is zero, the loss is low.",
    },
    asked="c06-16",
    shown="c06-17",
)

question(
    "06.5",
    "Three planes through the same point: what will we see?",
    "three saddles",
    "a bowl, a saddle and a dome",
    "three bowls of different width",
    right="a bowl, a saddle and a dome",
    wrong={
        "three saddles": "A saddle looks like a saddle on every plane.",
        "three bowls of different width": "Any plane through a flat place shows a bowl.",
    },
    asked="c06-19",
    shown="c06-20",
)

question(
    "06.6",
    "How will the loss of a walk that starts near a saddle fall?",
    "fast, then slowly",
    "slowly at first, then fast",
    "at the same pace",
    right="slowly at first, then fast",
    wrong={
        "fast, then slowly": "A loss curve always falls fastest at the start.",
        "at the same pace": "An optimiser chooses its steps so that the loss falls evenly.",
    },
    asked="c06-21",
    shown="c06-22",
)

question(
    "06.7",
    "Near the saddle, at step 60: what share of random planes will curve down?",
    "nearly all",
    "about 3 of 13",
    "a few percent",
    right="a few percent",
    wrong={
        "nearly all": "If there is a way down, most planes show it.",
        "about 3 of 13": "A plane shows negative eigenvalues as often as they occur.",
    },
    asked="c06-23",
    shown="c06-26",
)

question(
    "06.8",
    "Which of the two will have random planes that curve down?",
    "Model 3, with 3 negative eigenvalues",
    "the digit network, with 76 of them",
    "both",
    right="Model 3, with 3 negative eigenvalues",
    wrong={
        "the digit network, with 76 of them": "More negative eigenvalues are easier to meet.",
        "both": "Wherever there is a negative eigenvalue, some random plane shows it.",
    },
    asked="c06-27",
    shown="c06-29",
)

question(
    "06.9",
    "The digit network: what will a random plane and that of the eigenvectors look like?",
    "two bowls",
    "a bowl and a saddle",
    "two saddles",
    right="a bowl and a saddle",
    wrong={
        "two bowls": "At one point every plane shows the same shape.",
        "two saddles": "A negative eigenvalue makes every plane a saddle.",
    },
    asked="c06-30",
    shown="c06-60",
)

question(
    "06.10",
    "In which of the two spectra is there a gap after that many eigenvalues?",
    "in that of the clusters",
    "in that of digits",
    "in both",
    right="in that of the clusters",
    wrong={
        "in that of digits": "A gap shows that a network has learnt something real.",
        "in both": "Every network has as many outliers as its number of classes says.",
    },
    asked="c06-61",
    shown="c06-33",
)

question(
    "06.11",
    "Will the number of negative eigenvalues fall steadily, and what does the highest do?",
    "it falls to none, but not steadily, and the highest grows",
    "it falls steadily, and the highest falls too",
    "it stays, and the highest grows",
    right="it falls to none, but not steadily, and the highest grows",
    wrong={
        "it falls steadily, and the highest falls too": "Training leads to flatter places.",
        "it stays, and the highest grows": "The shape of a landscape is the same everywhere.",
    },
    asked="c06-34",
    shown="c06-35",
)

question(
    "06.12",
    "Step 80: how many of 100 random planes curve down?",
    "nearly all",
    "about half",
    "fewer than a quarter",
    right="fewer than a quarter",
    wrong={
        "nearly all": "If a dome is there, most planes show it.",
        "about half": "A plane curves down or it doesn't, so it is half and half.",
    },
    asked="c06-explore-1",
    shown="c06-explore-3",
)
