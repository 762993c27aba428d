"""Extracted rows → rows fit to publish, rows held back with the expectation that they failed, and a verdict."""
