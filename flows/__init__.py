"""Prefect flows: they wire the stages of ``tasks`` together and hold no logic of their own."""
