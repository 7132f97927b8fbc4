"""The country whose strategy this site serves: by the version in force here, else by the newest picture."""

from concerted.web.strategy import queries


def strategy_country() -> str | None:
    """ISO 3166-1 alpha-2; null = no strategy is known, or it is of none or several countries."""
    kept = queries.in_force()
    if kept is not None:
        return kept.framework.place_id
    from concerted.web.config.middleware import current  # it stands above the apps

    served = current().get()
    frameworks = served.edition.frameworks.values() if served else ()
    return next((each.place_id for each in frameworks if each.is_strategy), None)
