"""The matrix with groups as the registry keeps them: every asker, through all eyes, about every marking.

Asked by real requests and held against the oracle of the policy's matrix, written apart from the code; here it also
says what both see, who looks and whose eyes they are. Between the rounds members leave, an agreement ends, a group is
closed.
"""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from marking import oracle
from marking.oracle import Asker
from web.sharing.test_groups import keeper, made
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept

ORGANISATIONS = ("Alpha", "Beta", "Secretariat", "Delta")
HELD = (("reader",), ("editor", "donor"), ("signer", "rights"), ("administrator", "secretariat"))


@dataclass
class World:
    """Groups in the registry, and the same history in the words of the oracle."""

    workspace: Workspace
    people: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    history: dict[str, list[tuple[set[str], bool]]] = field(default_factory=dict)
    cases: int = 0
    wrong: list[str] = field(default_factory=list)

    def organisation(self, name: str) -> Any:
        return self.workspace.partner(name)

    def note(self, version: Any, names: tuple[str, ...], *, runs: bool = True) -> None:
        members = {str(self.organisation(name).pk) for name in names}
        self.history.setdefault(str(version.group_id), []).append((members, runs))

    def keys(self) -> list[str]:
        """Every label with every set of at most two names, some of which bring nobody."""
        organisations = [str(self.organisation(name).pk) for name in ORGANISATIONS]
        named = {
            "AMBER": [*self.history, "99999999-0000-4000-8000-000000000000", "Justice"],
            "AMBER+STRICT": [*organisations, "somebody"],
            "RED": [*(str(user.pk) for user in self.people.values()), "somebody"],
        }
        found = ["CLEAR", "GREEN", "NOBODY", "misspelt", "AMBER:", "AMBER+STRICT:", "RED:"]
        for label, names in named.items():
            for size in (1, 2):
                found += [f"{label}:{','.join(sorted(each))}" for each in itertools.combinations(names, size)]
        return found

    def eyes(self, asker: Asker) -> dict[str, tuple[Asker, oracle.History]]:
        """What the form sends -> who that is, and what of the groups it is known by. Empty = one's own eyes."""
        somebody = Asker("somebody", "somebody", "somebody")
        mine = {
            group: versions
            for group, versions in self.history.items()
            if versions[-1][1] and asker.organisation in versions[-1][0]
        }
        found: dict[str, tuple[Asker, oracle.History]] = {
            "": (asker, self.history),
            "public": (Asker("public"), {}),
            "partner": (somebody, {}),
        }
        for group in mine:
            found[f"group:{group}"] = (somebody, {group: [({"somebody"}, True)]})
        for name in ORGANISATIONS:
            other = str(self.organisation(name).pk)
            if other != asker.organisation:
                found[f"organisation:{other}"] = (Asker(name, "somebody", other), mine)
        return found

    def ask(self, seen_by: list[Any]) -> None:
        """One round: everybody, through all eyes, about every key."""
        from concerted.marking import may_see

        keys = self.keys()
        for name, user in [("", None), *self.people.items()]:
            asker = Asker(name or "public")
            if user is not None:
                asker = Asker(name, str(user.pk), str(user.partner_id), tuple(sorted(user.held)))
            client = self.workspace.client(user)
            for sent, (other, known) in ({"": (asker, self.history)} if user is None else self.eyes(asker)).items():
                if sent:
                    assert client.post("/en/workspace/look/", {"as": sent}).status_code == 302
                seen_by.clear()
                client.get("/en/method/")
                for key in keys:
                    expected = oracle.may_see(asker, key, self.history) and oracle.may_see(other, key, known)
                    self.cases += 1
                    if may_see(seen_by[-1], key) != expected:
                        self.wrong.append(f"{name} as {sent or 'himself'}, {key}: expected {expected}")


@pytest.fixture
def seen_by(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> list[Any]:
    """The viewers that the site has made of requests, newest last."""
    from concerted.web.config import middleware

    found: list[Any] = []
    right = middleware.viewer_of

    def noted(request: Any) -> Any:
        found.append(right(request))
        return found[-1]

    monkeypatch.setattr(middleware, "viewer_of", noted)
    return found


def test_every_viewer_of_the_registry_sees_what_the_oracle_says(workspace: Workspace, seen_by: list[Any]) -> None:
    from concerted.web.sharing import actions
    from concerted.web.sharing.queries import today

    world, owner = World(workspace), keeper(workspace, "Secretariat")
    for turn, name in enumerate(ORGANISATIONS):
        for held in (HELD[turn], HELD[(turn + 1) % len(HELD)]):
            world.people[f"{name} {held}"] = workspace.person(world.organisation(name), *held)

    def make(*names: str, last_day: Any = None) -> Any:
        version = made(owner, *(world.organisation(name) for name in names), last_day=last_day)
        world.note(version, names, runs=last_day is None or last_day >= today())
        return version.group_id

    def change(group: Any, *names: str, last_day: Any = None) -> None:
        number = len(world.history[str(group)])
        members = [world.organisation(name).pk for name in names]
        version = actions.change(actor(owner), group, number, "Justice", members, last_day=last_day)
        world.note(version, names, runs=last_day is None or last_day >= today())

    one, two = make("Alpha", "Beta"), make("Beta")
    make()
    ended = make("Alpha", "Beta", "Delta", last_day=today() - timedelta(days=1))
    world.ask(seen_by)
    change(one, "Beta", "Delta")
    change(two, "Alpha", last_day=today())
    change(ended, "Alpha")
    world.ask(seen_by)
    leaver = keeper(workspace, "Beta")
    world.note(actions.leave(actor(leaver), one, 2), ("Delta",))
    change(two)
    world.ask(seen_by)
    assert world.wrong == []
    assert world.cases > 12_000


def through_without_oneself(patch: pytest.MonkeyPatch) -> None:
    """Other eyes that do not hold who looks."""
    from dataclasses import replace

    from concerted.web.config import middleware

    right = middleware.through
    patch.setattr(middleware, "through", lambda own, eyes: replace(right(own, eyes), within=None))


def older_versions_count(patch: pytest.MonkeyPatch) -> None:
    from concerted.web.accounts import person
    from concerted.web.sharing.models import Member

    def careless(organisation: Any) -> frozenset[str]:
        found = Member.objects.filter(organisation=organisation).values_list("version__group", flat=True)
        return frozenset(map(str, found))

    patch.setattr(person, "groups_of", careless)


def an_organisation_is_taken_with_all_its_groups(patch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from concerted.web.config import middleware
    from concerted.web.sharing.queries import groups_of

    right = middleware.through

    def careless(own: Any, eyes: Any) -> Any:
        other = right(own, eyes)
        return replace(other, groups=groups_of(UUID(eyes.id))) if eyes.kind == "organisation" else other

    patch.setattr(middleware, "through", careless)


@pytest.mark.parametrize(
    "mistake", [through_without_oneself, older_versions_count, an_organisation_is_taken_with_all_its_groups]
)
def test_a_planted_mistake_is_caught(
    workspace: Workspace, seen_by: list[Any], monkeypatch: pytest.MonkeyPatch, mistake: Any
) -> None:
    """A check that was never seen red is not accepted."""
    from concerted.web.sharing import actions

    world, owner = World(workspace), keeper(workspace, "Secretariat")
    world.people["Delta"] = workspace.person(world.organisation("Delta"), "reader")
    version = made(owner, world.organisation("Beta"), world.organisation("Delta"))
    world.note(version, ("Beta", "Delta"))
    world.note(actions.change(actor(owner), version.group_id, 1, "Justice", [world.organisation("Beta").pk]), ("Beta",))
    world.note(made(owner, world.organisation("Delta")), ("Delta",))
    world.ask(seen_by)
    assert world.wrong == []
    mistake(monkeypatch)
    world.ask(seen_by)
    assert world.wrong != []


def test_records_of_every_marking_are_there_for_whom_the_oracle_says(workspace: Workspace) -> None:
    """The same by the answers of the workspace's pages: 200 or, byte for byte, what is absent."""
    world, owner = World(workspace), keeper(workspace, "Secretariat")
    for turn, name in enumerate(ORGANISATIONS):
        world.people[name] = workspace.person(world.organisation(name), *HELD[turn])
    author = editor(workspace)
    for names in (("Beta",), ("Beta", "Delta"), ()):
        version = made(owner, *(world.organisation(name) for name in names))
        world.note(version, names)
    keys = [*world.history, ",".join(sorted(world.history))]
    markings = ["CLEAR", "GREEN", *(f"AMBER:{key}" for key in keys), f"AMBER+STRICT:{world.organisation('Delta').pk}"]
    records = {key: kept(author, marking_key=key, title=f"Zz{n}") for n, key in enumerate(markings)}
    author_id, cases = str(author.partner_id), 0
    for user in world.people.values():
        asker = Asker(user.name, str(user.pk), str(user.partner_id))
        client = workspace.client(user)
        for sent, (other, known) in world.eyes(asker).items():
            if sent:
                client.post("/en/workspace/look/", {"as": sent})
            absent = client.get("/en/workspace/records/00000000-0000-4000-8000-000000000000/")
            for key, record in records.items():
                mine = asker.organisation == author_id or oracle.may_see(asker, key, world.history)
                expected = mine and (not sent or (other.person is not None and oracle.may_see(other, key, known)))
                answer = client.get(f"/en/workspace/records/{record.pk}/")
                cases += 1
                if expected:
                    assert answer.status_code == 200, (user.name, sent, key)
                else:
                    assert (answer.status_code, answer.content) == (404, absent.content), (user.name, sent, key)
    assert cases > 150
