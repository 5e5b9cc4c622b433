"""Annotated articles: their data types, formats, checks and statistics."""
