"""Predictions of chapter 10: batch size."""

from .question import question

question(
    "10.1",
    "Which of the two models will be the sharper one, and by how much?",
    "the one from large batches, several times",
    "they differ by little",
    "the one from small batches, several times",
    right="they differ by little",
    wrong={
        "the one from large batches, several times": "Large batches always end in sharp minima.",
        "the one from small batches, several times": "Noise makes a valley rougher.",
    },
    asked="c10-06",
    shown="c10-07",
)

question(
    "10.2",
    "Learning rate 0.1: in which comparison are small batches better on test digits?",
    "same epochs only",
    "same steps only",
    "in all three",
    right="same epochs only",
    wrong={
        "same steps only": "A small batch gets more out of each step.",
        "in all three": "Small batches are better however you compare.",
    },
    asked="c10-11",
    shown="c10-17",
)

question(
    "10.3",
    "Learning rate 1, 1000 steps each: will small batches now be flatter?",
    "yes, and the two ends lie far apart",
    "no, about as sharp",
    "no, sharper",
    right="yes, and the two ends lie far apart",
    wrong={
        "no, about as sharp": "What holds at one learning rate holds at all.",
        "no, sharper": "Large steps bounce out of flat places.",
    },
    asked="c10-46",
    shown="c10-47",
)

question(
    "10.4",
    "Each batch size chooses its learning rate. Who wins on new digits?",
    "small batches, clearly",
    "large batches, clearly",
    "no difference that can be seen",
    right="no difference that can be seen",
    wrong={
        "small batches, clearly": "The advantage of small batches isn't a matter of tuning.",
        "large batches, clearly": "A more exact gradient gives a better model.",
    },
    asked="c10-50",
    shown="c10-51",
)

question(
    "10.5",
    "20% noisy labels: who wins after 20 epochs, and who after 40?",
    "small batches both times",
    "small batches, then large ones",
    "large batches both times",
    right="small batches, then large ones",
    wrong={
        "small batches both times": "Whoever is ahead after 20 epochs stays ahead.",
        "large batches both times": "With noisy labels an exact gradient helps most.",
    },
    asked="c10-22",
    shown="c10-23",
)

question(
    "10.6",
    "Where does the line to a large-batch model show a narrower valley on its side?",
    "at both learning rates",
    "a little, at the larger learning rate",
    "at neither, not at all",
    right="a little, at the larger learning rate",
    wrong={
        "at both learning rates": "A famous picture holds wherever it is drawn.",
        "at neither, not at all": "A claim that fails in one comparison fails in all.",
    },
    asked="c10-25",
    shown="c10-26",
)

question(
    "10.7",
    "The layers are rescaled, and the outputs stay. What happens to λmax?",
    "it stays",
    "it grows many times",
    "it shrinks with the factor",
    right="it grows many times",
    wrong={
        "it stays": "The same function is equally sharp everywhere.",
        "it shrinks with the factor": "Smaller weights make a flatter point.",
    },
    asked="c10-30",
    shown="c10-32",
)
