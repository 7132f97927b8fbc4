"""The addresses of the site that tests walk: every page of the menu, and one of each page with filters."""

from concerted.model.ids import id_text
from web.fixture_asks import ask_id
from web.fixture_records import org_id, records

PUBLIC_RECORD = id_text(records()[0].id)
LINKED_RECORD = id_text(records()[7].id)
COARSE_RECORD = id_text(records()[46].id)
HIDDEN_RECORD = id_text(records()[40].id)
PARTNER = id_text(org_id(2))
GIVER = id_text(org_id(0))
HIDDEN_PARTNER = id_text(org_id(6))
COARSE_PARTNER = id_text(org_id(7))
NEED = id_text(ask_id("N1"))
HIDDEN_NEED = id_text(ask_id("N4"))

PAGES = (
    "",
    "coverage/",
    "coverage/?open=1,2,3,4,5",
    "coverage/?by=period",
    "coverage/?by=partner",
    "coverage/?place=ML05&period=2026&currency=XOF",
    "coverage/?framework=un-gcts&place=all",
    "coverage/?cells=small&kind=disbursement&currency=EUR",
    "coverage/cell/?node=1.1&place=ML05",
    "coverage/cell/?node=3.1&place=ML07",
    "coverage/cell/?node=ALL&place=ML&exact=1",
    "coverage/cell/?node=UNCLASSIFIED",
    "coverage/map/",
    "coverage/map/?node=1",
    "coverage/timeline/",
    "coverage/what-if/",
    "coverage/what-if/?form=end&find=paix",
    "coverage/what-if/?change=move~~ML05~~~ML07~~1000.00&change=add~1.1~ML08~2026~2027~1.00~2.00~3.00&open=1",
    f"coverage/what-if/?by=period&change=end~{HIDDEN_RECORD}~2000-12-31&change=end~{PUBLIC_RECORD}~2000-12-31",
    f"coverage/what-if/?new=end&end-activity={HIDDEN_RECORD}&end-last_day=2000-12-31",
    "coverage/what-if/?framework=un-gcts&place=all&change=rule~0.5~~~disbursement&change=cost~~2",
    "activities/",
    "activities/?place=all",
    "activities/?q=paix",
    "activities/?node=UNCLASSIFIED",
    "activities/?q=zzcanary",
    "activities/?q=zzcanarx",
    "activities/?q=paxi",
    "activities/?state=ongoing&node=1&place=ML07",
    f"activities/?partner={PARTNER}",
    f"activities/{PUBLIC_RECORD}/",
    f"activities/{LINKED_RECORD}/",
    f"activities/{LINKED_RECORD}/?book=disbursement&currency=EUR",
    f"activities/{COARSE_RECORD}/",
    "needs/",
    "needs/?state=all",
    "needs/?place=ML05&line=1.1&kind=money",
    f"needs/{NEED}/",
    "money/",
    "money/?book=disbursement",
    f"money/?partner={GIVER}",
    "search/",
    "search/?q=bama",
    "search/?q=quetzal",
    "search/?q=zzcanary",
    "search/?q=quetzalcoatk",
    "search/?q=ketlewell",
    "partners/",
    "partners/?q=quetzal",
    f"partners/{PARTNER}/",
    "quality/",
    "quality/iati/delta/",
    "method/",
)
EXPORTS = (
    "export/coverage.csv",
    "export/coverage.csv?by=period&open=1",
    "export/coverage.csv?by=partner",
    "export/activities.csv",
    "export/activities.csv?place=all&q=a",
    "export/timeline.csv",
)
