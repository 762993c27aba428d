"""What the stages cost, each measure in one run: ``make bench``."""
