"""A workspace with a giver, a receiver and a secretariat, a run, and the steps of a match taken by them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from web.fixture_matched import FITS, GIVES, ask_id
from web.workspace import Workspace
from web.workspace_app.kept import actor

ADDRESS = "/en/workspace/matches/"
TODAY = date(2026, 11, 28)
NEED, OFFER = ask_id(FITS), ask_id(GIVES)


@dataclass
class Sides:
    """Accounts that bind the three."""

    workspace: Workspace
    giver: Any
    receiver: Any
    secretary: Any

    def scope(self, user: Any) -> Any:
        """The edition as somebody sees it."""
        from concerted.web.accounts.models import User
        from concerted.web.accounts.person import viewer_for
        from concerted.web.config.middleware import current
        from concerted.web.edition.scope import Scope

        served = current().settle()
        assert served
        return Scope(viewer_for(User.objects.get(pk=user.pk), is_sure=True), served.edition)

    def run(self, user: Any | None = None) -> Any:
        """A run made with somebody's eyes."""
        from concerted.web.matches import running
        from concerted.web.matches.models import Run

        made = running.ask(actor(user or self.secretary))
        assert made
        running.make_run(made.pk)
        return Run.objects.get(pk=made.pk)

    def put(self, user: Any | None = None, amount: int = 350_000) -> Any:
        """The pair that fits, put forward."""
        from concerted.web.matches.actions import put_forward

        who = user or self.secretary
        run = self.run(who)
        return put_forward(actor(who), self.scope(who), run, NEED, OFFER, Decimal(amount), TODAY)

    def take(self, user: Any, match: Any, kind: str, **said: Any) -> Any:
        """A step of a match as it is now, unless `follows` says otherwise."""
        from concerted.web.matches.actions import Wanted
        from concerted.web.matches.models import Match
        from concerted.web.matches.promises import take_step

        now = Match.objects.get(pk=match.pk)
        wanted = Wanted(kind, said.pop("follows", now.version), **said)  # type: ignore[arg-type]
        return take_step(actor(user), self.scope(user).viewer, now, wanted, TODAY)

    def accepted(self, user: Any | None = None) -> Any:
        """A match that both sides accepted."""
        match = self.put(user)
        self.take(self.giver, match, "accepted")
        return self.take(self.receiver, match, "accepted")

    def promise(self, match: Any, amount: str = "300000", **said: Any) -> Any:
        """The giver's promise."""
        from concerted.matching.activity import Promise
        from concerted.web.matches.models import Match
        from concerted.web.matches.promises import Promised, promise
        from concerted.web.workspace.queries import vocabulary

        now, scope = Match.objects.get(pk=match.pk), self.scope(self.giver)
        wanted = Promise(
            Decimal(amount),
            said.get("day", TODAY),
            "Schools that stay open",
            "en",
            said.get("start", TODAY),
            said.get("end", date(2027, 12, 31)),
        )
        promised = Promised(
            said.get("follows", now.version), wanted, said.get("sharing", "as_both"), said.get("is_followed", True)
        )
        return promise(actor(self.giver), scope, now, promised, vocabulary(scope.edition), TODAY)


def sides(workspace: Workspace) -> Sides:
    """The three."""
    gamma = workspace.partner("Gamma", "implementer", reference="XM-GAMMA")
    return Sides(
        workspace,
        workspace.person(workspace.partner("Alpha"), "donor", "signer"),
        workspace.person(gamma, "implementer", "administrator"),
        workspace.person(workspace.partner("Secretariat"), "secretariat", "signer"),
    )
