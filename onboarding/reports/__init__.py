"""One consultant's path on paper, in three languages, with the parts that the reader may see."""
