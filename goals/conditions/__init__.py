"""The small language of mapping rules: an event counts that meets any rule, and a rule asks all its conditions.

A rule is a list of conditions, a condition a field, an operator and a value. The same rules are read from JSON
(`parse`), put to the lake as SQL (`compile_rules`), asked of one event in Python (`meets`), said to people
(`in_words`), and written as text that people type (`to_text`, `from_text`). docs/reference/mapping-rules.md is the
reference for those who write them.
"""

from goals.conditions.asking import meets
from goals.conditions.compiling import Compiled, as_like, compile_rules
from goals.conditions.language import FIELDS, OPERATORS, Condition, Field, FieldKind, Operator, Rule
from goals.conditions.names import names_asked
from goals.conditions.parsing import Fault, Misstated, parse, to_json
from goals.conditions.text import from_text, to_text
from goals.conditions.words import in_words

__all__ = [
    "FIELDS", "OPERATORS", "Compiled", "Condition", "Fault", "Field", "FieldKind", "Misstated", "Operator", "Rule",
    "as_like", "compile_rules", "from_text", "in_words", "meets", "names_asked", "parse", "to_json", "to_text",
]  # fmt: skip
