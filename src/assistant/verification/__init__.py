"""Whether a source bears a drafted sentence: every figure, date, unit, name and negation of it, and its meaning.

Pure functions and tables of our own words, no language model. `support` is what `citations.check` asks."""
