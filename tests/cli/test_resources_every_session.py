"""`roledeck resources --every` when AWS says that the session is over, as after it was revoked: it goes on with one begun anew."""

from __future__ import annotations

import json

from tui_app.cli.main import dispatch


def looked(environ, capsys, monkeypatch, *between) -> list[dict]:
    """The documents of as many looks as there are things that happen between them, and one more."""
    happening = iter(between)

    def pause(_seconds: float) -> None:
        happens = next(happening, None)
        if happens is None:
            raise KeyboardInterrupt
        happens()

    monkeypatch.setattr("tui_app.cli.resources_every.time.sleep", pause)
    assert dispatch(["resources", "sandbox/ReadOnly", "--view", "sqs-queues", "--json", "--every", "10s"], dict(environ)) == 130
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def causes(documents: list[dict]) -> list[str | None]:
    return [document["views"][0]["cause"] for document in documents]


def nothing() -> None:
    """The time passes, and that is all."""


def test_a_session_that_aws_says_is_over_is_begun_anew_without_fresh(aws, environ, capsys, monkeypatch):
    documents = looked(environ, capsys, monkeypatch, lambda: aws.advance(3700), nothing, nothing)
    assert causes(documents) == [None, "expired", None, None]


def test_of_a_session_that_was_revoked_it_is_said_how_to_begin_another(aws, environ, capsys, monkeypatch):
    """AWSRevokeOlderSessions denies everything to sessions from before: that is no end of the session that could be seen."""
    iam = aws.seed("999900001111")("iam")
    assert dispatch(["assume", "sandbox/ReadOnly"], dict(environ)) == 0
    capsys.readouterr()
    denied = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName="ReadOnly", PolicyName="RevokedForATest", PolicyDocument=json.dumps(denied))
    try:
        words = ["resources", "sandbox/ReadOnly", "--view", "sqs-queues", "--json", "--every", "10s"]
        assert dispatch(words, dict(environ)) == 4
        assert "--fresh begins one that is not" in capsys.readouterr().err
    finally:
        iam.delete_role_policy(RoleName="ReadOnly", PolicyName="RevokedForATest")
