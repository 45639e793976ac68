"""Measures the recogniser."""
