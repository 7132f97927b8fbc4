"""Records that are not shown stand beside the figures, never in them, and only where they may be told."""

from web.site import Site

TOLD = "Counted, not shown:"


def test_the_overview_the_matrix_and_the_cell_say_what_is_counted_and_not_shown(site: Site) -> None:
    for path in ("", "coverage/", "coverage/cell/?node=ALL"):
        text = site.get(f"/en/{path}").text
        assert TOLD in text, path
        assert "988" in text.split(TOLD)[1][:200], path
        assert "3 activities" in text.split(TOLD)[1][:300], path


def test_where_nothing_may_be_told_nothing_is_said(site: Site) -> None:
    for query in ("node=1.1", "node=ALL&place=ML05", "node=ALL&period=2026", "node=ALL&framework=un-gcts"):
        assert TOLD not in site.get(f"/en/coverage/cell/?{query}").text, query


def test_another_kind_of_money_has_a_total_of_its_own(site: Site) -> None:
    text = site.get("/en/coverage/cell/?node=ALL&kind=disbursement").text
    assert "3 activities" in text.split(TOLD)[1][:300]
    assert "988" not in text.split(TOLD)[1][:300]


def test_programs_get_the_same(site: Site) -> None:
    for path in ("overview", "coverage/cell?node=ALL"):
        told = site.get(f"/api/v1/{path}").json()["not_shown"]
        assert told == {"high_usd": "987654.32", "records": 3}, path
    silent = site.get("/api/v1/coverage/cell?node=ALL&period=2026").json()["not_shown"]
    assert silent == {"high_usd": None, "records": None}
