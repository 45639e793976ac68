"""Deterministic twins of the three providers, for AI_MODE=mock and for tests. The page says where one is at work."""
