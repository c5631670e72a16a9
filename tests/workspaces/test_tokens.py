"""API tokens: hashed, scoped, limited in time, and never wider than their maker."""

from datetime import datetime, timedelta

import pytest

from tests.builders import make_token
from workspaces import scope, tokens
from workspaces.models import ApiToken, Membership
from workspaces.roles import Scope


def test_only_the_hash_is_kept(owner: Membership, now: datetime) -> None:
    secret = make_token(owner, Scope.READ)
    with scope.in_workspace(owner.workspace_id):
        kept = ApiToken.objects.values().get()
    assert secret not in str(kept)
    assert secret.startswith(kept["hint"])


def test_a_token_ends_with_its_time_and_when_revoked(owner: Membership, now: datetime) -> None:
    secret = make_token(owner, Scope.READ, expires_at=now)
    assert tokens.find(secret, now=now - timedelta(seconds=1)) is not None
    assert tokens.find(secret, now=now) is None
    lasting = make_token(owner, Scope.READ)
    bearer = tokens.find(lasting, now=now)
    assert bearer is not None
    with scope.in_workspace(owner.workspace_id):
        assert tokens.revoke(bearer.token, by=owner, now=now)
        assert not tokens.revoke(bearer.token, by=owner, now=now)
    assert tokens.find(lasting, now=now) is None


def test_a_program_cannot_make_a_wider_token_or_one_that_outlives_its_own(owner: Membership, now: datetime) -> None:
    maker = tokens.find(make_token(owner, Scope.MANAGE, expires_at=now + timedelta(days=9)), now=now)
    assert maker is not None
    with scope.in_workspace(owner.workspace_id):
        with pytest.raises(tokens.WiderThanItsMaker):
            tokens.create_by_token(maker, name="x", scopes=[Scope.MANAGE, Scope.READ], now=now)
        made, _ = tokens.create_by_token(maker, name="x", scopes=[Scope.MANAGE], now=now)
    assert made.expires_at == now + timedelta(days=9)
