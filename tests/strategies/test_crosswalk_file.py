"""Relations that people state are a file that a build reads, the same for the same rows."""

from dataclasses import replace
from pathlib import Path

import pytest

from concerted.codelists.frameworks import Crosswalk, load_framework
from concerted.model.errors import ConfigError
from concerted.steps import BuildRequest
from concerted.strategies.crosswalk_file import (
    CROSSWALKS,
    Said,
    crosswalk_digest,
    crosswalk_text,
    read_crosswalks,
    with_crosswalks,
)

from .plans import DAY, line, plan

ONE = Said("pve-plan", "6", "un-gcts", "I", "related", "Secretariat", DAY, "2015", "2006", "said, with a comma")
TWO = Said("pve-plan", "7", "un-gcts", "I", "narrower", "Secretariat", DAY)


def test_rows_come_back_in_one_order_whatever_the_order_they_were_written_in(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(crosswalk_text([TWO, ONE]), "utf-8")
    assert crosswalk_text([TWO, ONE]) == crosswalk_text([ONE, TWO])
    assert read_crosswalks(tmp_path / "a") == (ONE.crosswalk, TWO.crosswalk)
    assert crosswalk_digest([ONE.crosswalk, TWO.crosswalk]) == crosswalk_digest([TWO.crosswalk, ONE.crosswalk])


def test_a_file_that_is_none_says_which_line(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a,b\n", "utf-8")
    with pytest.raises(ConfigError, match="no column from_framework"):
        read_crosswalks(path)
    path.write_text(crosswalk_text([replace(ONE, relation="same")]), "utf-8")
    with pytest.raises(ConfigError, match="line 2: relation 'same'"):
        read_crosswalks(path)


def test_what_is_said_here_of_a_pair_goes_before_the_strategys_own_row() -> None:
    mine = Crosswalk("pve-plan", "6", "plan", "A", "broader", "S", DAY)
    own = replace(mine, relation="exact", author="Owner")
    framework = replace(plan("1", line("A")), crosswalks=(own, replace(own, from_code="5")))
    assert with_crosswalks(framework, [mine, replace(mine, node_id="gone")]).crosswalks == (
        replace(own, from_code="5"),
        mine,
    )


def test_a_request_with_the_file_loads_the_rows_and_has_another_identity(tmp_path: Path) -> None:
    request = BuildRequest(frameworks=("un-gcts", "pve-plan"), decided=tmp_path)
    before = request.identity()
    assert before["crosswalks"] is None
    (tmp_path / CROSSWALKS).write_text(crosswalk_text([ONE]), "utf-8")
    assert request.identity() != before
    loaded = {framework.id: framework for framework in request.load()}
    assert loaded["un-gcts"].crosswalks == (ONE.crosswalk,)
    assert loaded["pve-plan"].crosswalks == load_framework("pve-plan").crosswalks
