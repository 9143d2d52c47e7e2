"""Pages of those who come: what each reader may do there, what is missing, what stays hidden."""

from __future__ import annotations


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_each_member_has_a_row_with_what_is_awaited_even_before_it_notified(demo, enter):
    shown = page(enter("secretary.ansgar"), "/house/session/52/delegations/")
    assert 'id="ALD"' in shown and "the letter that names the delegation" in shown


def test_the_acts_beside_a_row_are_those_of_the_reader_with_the_member_filled_in(demo, enter):
    address = "/house/session/51/delegations/"
    secretary = page(enter("secretary.ansgar"), address)
    assert "/house/act/credentials.receive/?to=session%2F51&amp;member=member%2FALD" in secretary
    assert "/house/act/credentials.receive/" not in page(enter("lum.delegate"), address)
    assert "/house/act/credentials.receive/" not in page(enter("observer.lindqvar"), address)
