"""Predictions of chapter 7: generalisation."""

from .question import question

question(
    "07.1",
    "Degree 1, 3 and 15: which has the lowest error on the 20 points?",
    "degree 1",
    "degree 3",
    "degree 15",
    right="degree 15",
    wrong={
        "degree 1": "The simplest model makes the fewest mistakes.",
        "degree 3": "The model that is best on new points is also best on the training points.",
    },
    asked="c07-03",
    shown="c07-08",
)

question(
    "07.2",
    "Which width will be best on the test digits?",
    "2 units",
    "about 8 units",
    "about 32 units",
    "128 units",
    right="128 units",
    wrong={
        "2 units": "With noisy labels the smallest network is the safest.",
        "about 8 units": "Test error always makes a U when a model grows.",
        "about 32 units": "A network that repeats all its labels is too large.",
    },
    asked="c07-10",
    shown="c07-13",
)

question(
    "07.3",
    "With 40% noisy labels, after how many of the 100 epochs is the test error lowest?",
    "fewer than 10",
    "about 50",
    "100",
    right="fewer than 10",
    wrong={
        "about 50": "Noisy and clean labels are learnt at the same pace.",
        "100": "The longer a network trains, the better it gets.",
    },
    asked="c07-16",
    shown="c07-19",
)

question(
    "07.4",
    "Does the best epoch with 10% noisy labels come sooner or later than with 40%?",
    "a little later",
    "sooner",
    "at the very end of training",
    right="a little later",
    wrong={
        "sooner": "What is easier to learn is done sooner, so training should stop sooner.",
        "at the very end of training": "A few noisy labels do no harm.",
    },
    asked="c07-explorer-1",
    shown="c07-explorer-4",
)

question(
    "07.5",
    "Training ends with about 24% mistakes. How many are left with early stopping?",
    "about 24%",
    "about 13%",
    "about 3%",
    right="about 13%",
    wrong={
        "about 24%": "A model from the middle of training isn't better than the last one.",
        "about 3%": "Stopping in time undoes the noise completely.",
    },
    asked="c07-stop-1",
    shown="c07-stop-2",
)

question(
    "07.6",
    "Which of the three lies lowest on the training map, and which on the test map?",
    "the end of training on both",
    "the end of training, and the stopped model",
    "the stopped model on both",
    right="the end of training, and the stopped model",
    wrong={
        "the end of training on both": "Both maps show the same landscape.",
        "the stopped model on both": "A model that is better on new data is better on all data.",
    },
    asked="c07-plane-1",
    shown="c07-plane-4",
)

question(
    "07.7",
    "By how much will the two differ in test accuracy?",
    "less than 1 point",
    "about 8 points",
    "about 30 points",
    right="about 8 points",
    wrong={
        "less than 1 point": "Two models that fit the training data are about equally good.",
        "about 30 points": "A higher training loss makes a much worse model.",
    },
    asked="c07-21",
    shown="c07-25",
)

question(
    "07.8",
    "Test accuracy against training loss: two curves, or one?",
    "two, that of AdamW far above",
    "two, that of SGD far above",
    "nearly one",
    right="nearly one",
    wrong={
        "two, that of AdamW far above": "The optimiser decides how well a model generalises.",
        "two, that of SGD far above": "SGD always generalises better than Adam.",
    },
    asked="c07-28",
    shown="c07-33",
)

question(
    "07.9",
    "How many of the 60 noisy labels does SGD repeat, without decay and with decay 0.05?",
    "all, and few of them",
    "all, and nearly all",
    "about half, both times",
    right="all, and few of them",
    wrong={
        "all, and nearly all": "A network that can memorise does so, whatever the weight decay.",
        "about half, both times": "A network sees by itself which labels are noisy.",
    },
    asked="c07-34",
    shown="c07-36",
)

question(
    "07.10",
    "All labels clean: which optimiser is better on test digits?",
    "AdamW, by as much as before",
    "hardly any difference",
    "SGD, by several points",
    right="hardly any difference",
    wrong={
        "AdamW, by as much as before": "The better optimiser is better on any data.",
        "SGD, by several points": "Weight decay always costs accuracy.",
    },
    asked="c07-38",
    shown="c07-40",
)

question(
    "07.11",
    "If two models differ in test loss, does the lower one make fewer mistakes?",
    "always",
    "not always",
    "never",
    right="not always",
    wrong={
        "always": "Test loss and test accuracy ask the same question.",
        "never": "Loss has nothing to do with mistakes.",
    },
    asked="c07-43",
    shown="c07-44",
)

question(
    "07.12",
    "Which group is better on new digits, by cross-entropy and by hinge?",
    "the same group by both",
    "each by its own loss",
    "each by the other's loss",
    right="each by its own loss",
    wrong={
        "the same group by both": "A better model is better by any loss.",
        "each by the other's loss": "A model is over-fitted to the loss that it was trained on.",
    },
    asked="c07-winners-1",
    shown="c07-winners-4",
)
