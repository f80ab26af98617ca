"""Language models: what they are given, and what they give back."""
