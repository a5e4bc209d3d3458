"""Which words follow which: n-grams, made from text and from other n-grams."""
