"""
title: Calculator
id: calculator
author: The owup authors
version: 1.0.0
license: MIT
description: Lets a model calculate instead of guessing.
"""

import ast
import operator

from pydantic import BaseModel, Field

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def evaluate(node: ast.AST):
    """Walks the syntax tree; nothing but numbers and OPERATORS is ever run."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](evaluate(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](evaluate(node.left), evaluate(node.right))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")


class Tools:
    # Every method without a leading underscore is offered to the model; helpers live outside.

    class Valves(BaseModel):
        max_length: int = Field(default=500, gt=0, description="Longest expression, in characters.")
        digits: int = Field(default=12, ge=1, le=17, description="Significant digits of a result.")

    def __init__(self):
        self.valves = self.Valves()

    def calculate(self, expression: str) -> str:
        """
        Work out an arithmetic expression.

        :param expression: Numbers with + - * / // % and parentheses, e.g. (3 + 4) * 2.5
        """
        # What the model reads is this docstring; an error is an answer that it can act on.
        if len(expression) > self.valves.max_length:
            return f"Error: longer than {self.valves.max_length} characters"
        try:
            value = evaluate(ast.parse(expression.strip(), mode="eval").body)
            return f"{value:.{self.valves.digits}g}" if isinstance(value, float) else str(value)
        except (ArithmeticError, SyntaxError, ValueError, RecursionError) as error:
            return f"Error: {error}"
