"""Validated rows → the published tables: where they stand, and how a file takes its place."""
