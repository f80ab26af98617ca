"""From hits to the sentences that answer: the trained network, what is measured beside it, and what is quoted."""
