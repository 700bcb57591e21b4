"""Predictions of chapter 5: slices like an MRI."""

from .question import question

question(
    "05.1",
    "What will happen to the two valleys as the slice moves away?",
    "they rise and sink together",
    "each is lowest at a place of its own",
    "they stay as they are",
    right="each is lowest at a place of its own",
    wrong={
        "they rise and sink together": "A valley is lowest where training passed.",
        "they stay as they are": "A valley of a map is a valley in all dimensions.",
    },
    asked="c05-07",
    shown="c05-18",
)

question(
    "05.2",
    "The lowest loss on the left and on the right, layer by layer: will the two curves cross?",
    "no, the right one is always lower",
    "no, the left one is always lower",
    "yes",
    right="yes",
    wrong={
        "no, the right one is always lower": "The side where training ended is the deeper one.",
        "no, the left one is always lower": "Somewhere off the map there is always a better model.",
    },
    asked="c05-17",
    shown="c05-18",
)

question(
    "05.3",
    "The block's low point on the left, compared with the map's: what is it?",
    "a minimum, the twin of ★",
    "no minimum, but nearer to the twin",
    "no minimum, and farther from the twin",
    right="no minimum, and farther from the twin",
    wrong={
        "a minimum, the twin of ★": "One dimension more is enough to see the minimum.",
        "no minimum, but nearer to the twin": "A lower loss means nearer to the best point.",
    },
    asked="c05-20",
    shown="c05-22",
)
