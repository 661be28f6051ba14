"""Every name in the tables has its Indonesian term, and no term is left over."""

from collections import Counter

from capaian.site.glossary import TERMS, Use, words
from capaian.site.performance_terms import PERFORMANCE_TERMS
from capaian.site.procedure_terms import PROCEDURE_TERMS


def missing(terms: dict[str, str], used: dict[str, Use]) -> set[str]:
    """Return the words of the tables that have no term."""
    return set(used) - set(terms)


def unused(terms: dict[str, str], used: dict[str, Use]) -> set[str]:
    """Return the terms whose word stands nowhere."""
    return set(terms) - set(used)


def shared(terms: dict[str, str]) -> set[str]:
    """Return the terms that stand for more than one word."""
    return {term for term, count in Counter(term.casefold() for term in terms.values()).items() if count > 1}


def test_every_word_has_one_term() -> None:
    assert missing(TERMS, words()) == set()
    assert unused(TERMS, words()) == set()
    assert shared(TERMS) == set()
    for terms in (PROCEDURE_TERMS, PERFORMANCE_TERMS):
        assert list(terms) == sorted(terms)
    assert not set(PROCEDURE_TERMS) & set(PERFORMANCE_TERMS)


def test_the_tables_were_read() -> None:
    used = words()
    assert used["work_item"].table
    assert used["due_at"].fields == {"WorkItem"}
    assert used["hand_over"].choices == {"Step.work"}


def test_a_new_field_without_term_is_caught() -> None:
    assert missing(TERMS, {**words(), "planted_field": Use(fields={"Run"})}) == {"planted_field"}


def test_a_left_over_term_is_caught() -> None:
    assert unused({**TERMS, "planted": "tanaman"}, words()) == {"planted"}


def test_a_term_for_two_things_is_caught() -> None:
    assert shared({"run": "proses", "planted": "Proses"}) == {"proses"}
