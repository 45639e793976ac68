"""How well does the evaluator agree with people?"""
