"""Whom a text names by @: by full name, first name or address, and nobody by chance."""

import pytest

from goals.mentions import mentioned, pieces
from workspaces.models import Membership, User


def member(pk: int, name: str, email: str) -> Membership:
    return Membership(pk=pk, user=User(pk=pk, name=name, email=email))


KAISA = member(1, "Kaisa Ødegård", "service@example.com")
JONAS = member(2, "Jonas Bøe", "lead@example.com")
OTHER_JONAS = member(3, "Jonas Ås", "jonas.as@example.com")
NAMELESS = member(4, "", "viewer@example.com")
TEAM = [KAISA, JONAS, OTHER_JONAS, NAMELESS]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Kaisa Ødegård what do you think?", [KAISA]),
        ("what does @kaisa say, and @KAISA again", [KAISA]),
        ("(@service@example.com)", [KAISA]),
        ("@viewer and @Jonas Bøe.", [NAMELESS, JONAS]),
        ("@Jonas, which of you?", []),
        ("write to service@example.com", []),
        ("@Kaisas idea", []),
        ("@nobody", []),
        ("", []),
    ],
    ids=["full", "first", "address", "two", "ambiguous", "mail", "longer word", "unknown", "empty"],
)
def test_a_text_names_members(text: str, named: list[Membership]) -> None:
    assert mentioned(text, TEAM) == named


@pytest.mark.parametrize("text", ["Hi @Kaisa Ødegård!", "@@kaisa", "İ @kaisa", "@kaisa\n@lead x", "a @", "@ kaisa"])
def test_the_pieces_together_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text, TEAM)) == text


def test_a_piece_knows_whom_it_names() -> None:
    assert [(piece.text, piece.member) for piece in pieces("Hi @Kaisa!", TEAM)] == [
        ("Hi ", None), ("@Kaisa", KAISA), ("!", None),
    ]  # fmt: skip
