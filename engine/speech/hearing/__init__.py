"""One sound becomes words: the engine that decodes, and what is made of its hypotheses."""
