"""Programs keep packages and answer for their parts by the same actions as the pages."""

from typing import Any

from concerted.model.ids import id_text
from web.api.programs import program
from web.packages_app.bundled import keeper, signer, statement
from web.workspace import Workspace


def test_a_program_makes_fills_and_puts_forward_and_another_agrees(both: Workspace, cold: Any) -> None:
    owner, delta, other = keeper(both), signer(both, "Delta", "XM-FIX-1"), signer(both, "Beta")
    keeps, answers, reads = (program(both, each) for each in (owner, delta, other))
    made = keeps.ask("POST", "packages", {"title": "Justice", "template": "iact", "audience": "signed_in"})
    assert made.status_code == 201
    found = made.data["package"]
    assert [each["filling"] for each in made.data["components"]] == ["nothing"] * 4
    offered = keeps.get(f"packages/{found}/candidates?q=juges&component=justice").data
    wanted = f"activity-{id_text(statement(1))}"
    assert {"activity", str(delta.partner.pk)} <= {
        v for each in offered if each["part"] == wanted for v in each.values()
    }
    one = keeps.ask("POST", f"packages/{found}/parts", {"version": 1, "part": wanted, "component": "justice"})
    assert one.status_code == 201
    two = {"version": 2, "part": f"activity-{id_text(statement(2))}", "component": "women"}
    parts = [each["part"] for each in keeps.ask("POST", f"packages/{found}/parts", two).data["parts"]]
    order = {"version": 3, "component": "women", "position": 2, "waits_for": [parts[0]]}
    arranged = keeps.ask("PUT", f"packages/{found}/parts/{parts[1]}", order)
    assert arranged.data["parts"][1]["waits_for"] == [parts[0]]
    ring = keeps.ask("PUT", f"packages/{found}/parts/{parts[0]}", {**order, "version": 4, "waits_for": [parts[1]]})
    assert (ring.status_code, ring.data["errors"][0]["what"]) == (422, "loop")
    assert keeps.ask("POST", f"packages/{found}/put-forward", {"version": 3}).status_code == 409
    assert answers.get(f"packages/{found}").status_code == 404
    keeps.ask("POST", f"packages/{found}/put-forward", {"version": 4})
    assert reads.get(f"packages/{found}").data["parts"] == []
    mine = answers.get(f"packages/{found}").data
    assert [(each["part"], each["answer"]) for each in mine["parts"]] == [(parts[0], "asked")]
    assert mine["version"] is None  # it would tell of what others do in it
    address, about = f"packages/{found}/parts/{parts[0]}/answer", mine["parts"][0]["about"]
    assert answers.ask("POST", address, {"is_given": True, "about": "x"}).status_code == 409
    assert answers.ask("POST", address, {"is_given": True, "about": about}).data["parts"][0]["answer"] == "agreed"
    seen = reads.get(f"packages/{found}").data
    assert [each["part"] for each in seen["parts"]] == [parts[0]]
    assert seen["parts"][0]["money"] == seen["budget"] != {}
    assert seen["parts"][0]["about"] == seen["parts"][0]["standing"] == ""
    assert reads.ask("POST", address, {"is_given": False, "about": about}).status_code == 404
    ended = keeps.ask("POST", f"packages/{found}/end", {"version": 5})
    assert ended.data["condition"] == "ended"
    assert reads.get(f"packages/{found}").status_code == 404
    assert reads.get("packages").data == []


def test_a_program_says_nothing_that_the_form_would_not_take(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.models import Package

    keeps = program(workspace, keeper(workspace))
    for wrong in (
        {"title": "", "template": "iact"},
        {"title": "Call +223 76 12 34 56", "template": "iact"},
        {"title": "No lines"},
        {"title": "No such line", "nodes": ["demo/none"]},
        {"title": "No such template", "template": "none"},
        {"title": "No such audience", "template": "iact", "audience": "everybody"},
    ):
        assert keeps.ask("POST", "packages", wrong).status_code == 422, wrong
    assert not Package.objects.exists()
