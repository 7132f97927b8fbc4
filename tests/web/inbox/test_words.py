"""How many rows of a sheet would do what, in words that agree with their number."""

import pytest

from web.site import Site


@pytest.mark.parametrize(
    ("lang", "count", "said"),
    [("fr", 1, "nouvelle"), ("fr", 2, "nouvelles"), ("en", 2, "new"), ("ar", 2, "جديدة")],
)
def test_rows_are_counted_in_their_number(site: Site, lang: str, count: int, said: str) -> None:
    from django.utils.translation import override

    from concerted.web.inbox.words import outcome_count

    with override(lang):
        assert outcome_count("new", count) == said
