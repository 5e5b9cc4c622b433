"""Training: annotated data in, a model folder out. scikit-learn and python-crfsuite live here alone."""
