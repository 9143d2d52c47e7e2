"""A statement that its author took back."""

from __future__ import annotations

from chancery.decisions.models import Statement, StatementWithdrawal


def test_a_withdrawn_statement_keeps_its_words_in_the_record_and_not_on_the_page(quarry, client):
    statement = Statement.objects.get(pk="3/4/1")
    assert StatementWithdrawal.objects.get().statement == statement and "Dry days" in statement.words("en")
    page = client.get("/en/decisions/QB.DEC/3/1/").content.decode()
    assert "Withdrawn by its author" in page and page.count("Dry days") == 1
