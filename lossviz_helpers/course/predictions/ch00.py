"""Predictions of chapter 0: start here."""

from .question import question

question(
    "00.1",
    "How low is the valley behind?",
    "as low as the front valley",
    "between the front valley and always answering “one half”",
    "higher than always answering “one half”",
    right="between the front valley and always answering “one half”",
    wrong={
        "as low as the front valley": "All valleys of a network are equally deep.",
        "higher than always answering “one half”": "Off the way of training, networks are useless.",
    },
    asked="c00-04",
    shown="c00-07",
)
