"""Doubles, builders and drivers shared by the tests."""
