"""Training: annotated data in, a model folder out; here scikit-learn lives."""
