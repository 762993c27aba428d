"""Inputs that mean harm or come broken, kept as recipes that make them: ``python -m tests.hostile`` takes them one by one."""
