"""Strategies and generators for tests: trees, policies and cases. Only what is imported from here needs Hypothesis."""
