"""The workbooks that humanitarian offices publish, as they are and through a mapping that a person would write.

Counts are checked against plain loops over the cells; what else is expected was looked up in the files by hand.
"""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from concerted.sources.open import find_inputs
from reading import REALDATA, Reading, needs_realdata, read_all, read_input

pytestmark = [pytest.mark.realdata, needs_realdata]

BFA = """
publisher: OCHA Burkina Faso
language: fr
mapping:
  sheet: "Jan - Fev Public"
  row: presence
  columns:
    Organisation: org
    Partenaire de mise en œuvre: implementing_org
    Bailleur de fonds: funding_org
    Région: admin1_name
    Province: admin2_name
    Commune: admin3_name
    Ville/village: location_name
    HNO Commune Pcode (Automatic): admin3_code
    Secteur/Cluster: {field: sector, vocabulary: "10"}
  constants: {country: BF, reported_year: "2022", reported_month: "2"}
"""
CMR = """
publisher: OCHA Cameroon
language: en
mapping:
  sheet: "5Ws_NWSW (2)"
  row: presence
  columns:
    Programme Organization: accountable_org
    Implementing Full Org. Name: org
    Implementing Org type: {field: org_type, values: {Faith Based organization: "22"}}
    Donor: funding_org
    Admin1: admin1_name
    Admin1_Pcode: admin1_code
    Admin2: admin2_name
    Admin2_Pcode: admin2_code
    Admin3: admin3_name
    Admin3_Pcode3: admin3_code
    Sectors: {field: sector, vocabulary: "10"}
    Project Title: title
    Activities: description
    G. Targeted: targeted
    G. Reached: reached
    Total female Reached: {field: reached, group: f}
    Total male Reached: {field: reached, group: m}
    Status: {field: state, values: {Planned (funded): planned, Planned and funded: planned, Not specified: ""}}
    Start Date: start_date
    End Date: end_date
    Month: reported_month
    Cash_USD: {field: expenditure, currency: USD, values: {"0": ""}}
  constants: {country: CM, reported_year: "2021"}
"""
GTM = """
publisher: OCHA Guatemala
language: es
mapping:
  row: presence
  columns:
    ID: attribute
    FECHA DE REPORTE: {field: reported_date, format: "%d/%m/%Y"}
    PROJECT CODE: identifier
    PROJECT NAME: title
    ORGANIZACIÓN DONANTE: funding_org
    ORGANIZACIÓN IMPLEMENTADORA: org
    TIPO DE ORGANIZACIÓN IMPLEMENTADORA: org_type
    PAÍS: country
    PCODE1: admin1_code
    ADMIN 1: admin1_name
    PCODE2: admin2_code
    ADMIN 2: admin2_name
    NOMBRE DEL LUGAR: location_name
    SECTOR / CLUSTER: sector
    ACTIVIDAD: title
    DESCRIPCIÓN: description
    COSTO ESTIMADO: {field: budget, currency: USD}
    FECHA DE INICIO: start_date
    FECHA DE FINALIZACIÓN: {field: end_date, values: {01/01/1970: ""}}
    ESTADO: state
    PERSONAS ALCANZADAS: reached
    Niñas: {field: reached, group: "children,f"}
"""
MLI = """
publisher: OCHA Mali
as_of: 2022-03-31
mapping:
  sheet: ML_5W
  row: presence
  columns:
    Organisation Accronyme: org
    admin1Pcod: admin1_code
    Region: admin1_name
    admin2Pcod: admin2_code
    Cercle: admin2_name
  constants: {country: ML}
"""
NER = """
publisher: OCHA Niger
language: fr
mapping:
  sheet: 3w_Data*
  row: presence
  columns:
    Organisation: org
    Type d'organisation: {field: org_type, values: {Programme de Développement: "10"}}
    Région: admin1_name
    Département: admin2_name
    Commune: admin3_name
    Secteur: sector
    Activité: title
    Date Débute: start_date
    Date Fin: end_date
    Nombre Bénéficiaire: targeted
    Etat du projet: state
    Départ_Latitude: latitude
    Départ_Longitude: longitude
    Personne de contact: drop
  constants: {country: NE}
"""
NGA = """
publisher: OCHA Nigeria
mapping:
  row: presence
  columns:
    Org. Acronym: org
    Type of Organization: org_type
    Project Sector: {field: sector, vocabulary: "10"}
    Activities: title
    Status: state
    States: admin1_name
    State Pcode: admin1_code
    LGA: admin2_name
    LGA PCode: admin2_code
    Month: reported_month
    Year: reported_year
  constants: {country: NG}
"""
TCD = """
publisher: OCHA Tchad
as_of: 2021-10-31
mapping:
  row: presence
  columns:
    Pcode1: admin1_code
    Province: admin1_name
    Cluster: {field: sector, vocabulary: "10"}
    Nom de l'organisation: org
    Type d'organisation: org_type
  constants: {country: TD}
"""
EUTF = """
publisher: European Commission
as_of: 2022-01-31
mapping:
  columns:
    ProjectID: identifier
    ProjectTitle: title
    ProjectBudget: {field: budget, currency: EUR}
    ProjectLocation: {field: country, separator: ","}
    ProjectImplementor: {field: implementing_org, separator: ", "}
    ProjectTheme: {field: sector, separator: ", "}
    ProjectAdoptionDate: value_date
    ProjectStartDate: start_date
    ProjectEndDate: end_date
    ProjectLinks: link
"""
AKVO = """
publisher: European Commission
mapping:
  columns:
    iati_id: identifier
    title: title
    summary: description
    partner_funding: funding_org
    partner_accountable: accountable_org
    partner_implementing: {field: implementing_org, separator: ", "}
    date_start: start_date
    date_end: {field: end_date, values: {2101-12-31: ""}}
    budget: {field: budget, currency: EUR}
    recipient_country: {field: country, separator: ","}
    location: {field: location_name, separator: ","}
"""
#: File, mapping, rows below its header, tag rows among them.
MAPPED = {
    "hxl-3w/bfa_5w_2022-02.xlsx": (BFA, 422, 2),
    "hxl-3w/cmr_5w_2021-06.xlsx": (CMR, 7050, 0),
    "hxl-3w/gtm_345w.csv.gz": (GTM, 1198, 1),
    "hxl-3w/mli_5w_2022-03.xlsx": (MLI, 22806, 1),
    "hxl-3w/ner_3w_2022-02_redacted.xlsx": (NER, 2575, 1),
    "hxl-3w/nga_3w_2021-08.xlsx": (NGA, 4649, 1),
    "hxl-3w/tcd_3w_2021-10.xlsx": (TCD, 706, 1),
    "projects/EUTF-Projects-Database-2022-01.csv": (EUTF, 253, 0),
    "projects/EUTF_projects_akvo.csv.gz": (AKVO, 644, 0),
}


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """Each file through its mapping, in a folder of its own beside a source.yml."""
    readings = {}
    for name, (config, _, _) in MAPPED.items():
        folder = tmp_path_factory.mktemp("source")
        (folder / Path(name).name).symlink_to(REALDATA / name)
        (folder / "source.yml").write_text(config, "utf-8")
        (readings[name],) = read_all(folder).values()
    return readings


@pytest.mark.parametrize("name", MAPPED)
def test_every_row_is_a_statement_or_explained(mapped: dict[str, Reading], name: str) -> None:
    reading, (_, rows, tags) = mapped[name], MAPPED[name]
    assert (reading.seen, reading.read, reading.set_aside) == (rows, rows - tags, tags)
    assert "header_missing" not in reading.codes()
    assert reading.tables["activity"].num_rows == reading.read


@pytest.mark.parametrize("name", MAPPED)
def test_few_values_are_set_aside(mapped: dict[str, Reading], name: str) -> None:
    reading = mapped[name]
    warnings = sum(i.count for i in reading.issues if i.severity == "warning" and i.code != "row_repeated")
    cells = sum(table.num_rows for table in reading.tables.values())
    assert warnings < cells / 100, Counter(
        (i.code, i.field, i.values.get("found")) for i in reading.issues
    ).most_common(5)


def test_people_of_cameroon_add_up_as_a_plain_loop_adds_them(mapped: dict[str, Reading]) -> None:
    book = CalamineWorkbook.from_path(REALDATA / "hxl-3w/cmr_5w_2021-06.xlsx")
    header, *rows = book.get_sheet_by_name("5Ws_NWSW (2)").to_python()
    position = header.index("G. Reached")
    expected = sum(row[position] for row in rows if isinstance(row[position], float) and row[position].is_integer())
    reached = [p for p in mapped["hxl-3w/cmr_5w_2021-06.xlsx"].rows("people") if p["kind"] == "reached"]
    assert sum(p["value"] for p in reached if "group" not in p) == expected


def test_euro_budgets_add_up_as_a_plain_loop_adds_them(mapped: dict[str, Reading]) -> None:
    name = "projects/EUTF-Projects-Database-2022-01.csv"
    with (REALDATA / name).open(encoding="utf-8") as file:
        expected = sum(Decimal(row["ProjectBudget"]) for row in csv.DictReader(file))
    assert sum(b["value"] for b in mapped[name].rows("budget")) == expected


def test_contact_persons_of_niger_are_not_stored(mapped: dict[str, Reading]) -> None:
    reading = mapped["hxl-3w/ner_3w_2022-02_redacted.xlsx"]
    assert "[redacted]" not in repr([t.to_pylist() for t in reading.tables.values()])
    assert reading.unread == {"not stored: Personne de contact": 1380}


HXL = {
    # name: (seen, read, statements with a sector, statements with a place)
    "bfa_5w_2022-02.xlsx": (421, 420, 420, 420),
    "cmr_5w_2021-06.xlsx": (11681, 11681, 11680, 11681),
    "gtm_345w.csv.gz": (1197, 1197, 1196, 1197),
    "mli_5w_2022-03.xlsx": (22805, 22805, 0, 22805),
    "ner_3w_2022-02_redacted.xlsx": (2574, 2574, 2574, 2574),
    "nga_3w_2021-08.xlsx": (4648, 4648, 4648, 4648),
    "tcd_3w_2021-10.xlsx": (705, 705, 705, 705),
    "hxl-edge-cases/input-merged.xlsx": (4, 4, 4, 4),
    "hxl-edge-cases/input-quality.xlsx": (4, 4, 4, 4),
    "hxl-edge-cases/input-valid.xls": (4, 4, 4, 4),
    "hxl-edge-cases/multisheet-dataset.xlsx": (3, 3, 3, 0),
}


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    inputs, _ = find_inputs([str(REALDATA / "hxl-3w")], tmp_path_factory.mktemp("cache"))
    return {source.name: read_input(source) for source in inputs}


@pytest.mark.parametrize("name", HXL)
def test_tagged_workbooks_are_read_as_they_are(tagged: dict[str, Reading], name: str) -> None:
    reading, (seen, read, with_sector, with_place) = tagged[name], HXL[name]
    assert reading.source.kind == "hxl-3w"
    assert (reading.seen, reading.read) == (seen, read)
    distinct = [len({r["record_id"] for r in reading.rows(table)}) for table in ("sector", "location")]
    assert distinct == [with_sector, with_place]


def test_a_date_merged_over_four_rows_holds_for_all_of_them(tagged: dict[str, Reading]) -> None:
    rows = tagged["hxl-edge-cases/input-merged.xlsx"].rows("activity")
    assert {row["last_updated"].date().isoformat() for row in rows} == {"2015-03-01"}


def test_organisations_of_mali_are_those_in_the_cells(tagged: dict[str, Reading]) -> None:
    book = CalamineWorkbook.from_path(REALDATA / "hxl-3w/mli_5w_2022-03.xlsx")
    rows = book.get_sheet_by_name("ML_5W").to_python()[2:]
    expected = Counter((row[0].strip(), row[3].strip(), row[4].strip()) for row in rows)
    reading = tagged["mli_5w_2022-03.xlsx"]
    orgs = {r["record_id"]: r["name"] for r in reading.rows("participating_org")}
    found = Counter((orgs[r["record_id"]], r["admin2_code"], r["admin2_name"]) for r in reading.rows("location"))
    assert found == expected


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("gazetteer", {"pcodes": 1, "gazetteer": 1, "sheet": 1}),
        ("population", {"population": 2}),
        ("events", {"ucdp-ged": 1, "sheet": 1}),
        ("boundaries", {"boundaries": 15}),
        ("xlsform", {}),
        ("iati-codelists/non-embedded", {}),
    ],
)
def test_every_other_file_goes_to_its_reader_or_is_said_to_be_unknown(
    tmp_path: Path, folder: str, kinds: dict[str, int]
) -> None:
    inputs, issues = find_inputs([str(REALDATA / folder)], tmp_path)
    assert Counter(source.kind for source in inputs) == kinds
    files = sum(path.is_file() for path in (REALDATA / folder).rglob("*"))
    assert len(inputs) + len(issues) == files
    for source in inputs:
        reading = read_input(source)
        assert reading.read or reading.issues


def test_places_of_the_world_are_as_many_as_the_list_names(tmp_path: Path) -> None:
    path = REALDATA / "gazetteer/global_pcodes_adm1_2.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))[2:]
    (source,), _ = find_inputs([str(path)], tmp_path)
    reading = read_input(source)
    assert (reading.seen, reading.read) == (len(rows), len({row[2] for row in rows}))
    mali = [r for r in reading.rows("place") if r["country_code"] == "ML"]
    assert Counter(r["level"] for r in mali) == {1: 10, 2: 53}
