"""Understanding: custom NLU components of the Rasa pipeline, one per file."""
