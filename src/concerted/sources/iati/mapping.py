"""What is read from an iati-activity, as data: for each column of each table where its value stands.

Place on the way: the one place that knows element names of IATI, for the reader and for anybody who asks what it reads.
The notation
is that of `fields`. Source of the names: IATI activity standard 2.03 and 1.05, schemas and their change logs.
"""

from concerted.sources.iati.fields import Field, Rows, address, code, day, lang, name, text, typed, words

_DAY = ("@iso-date", ".")


_ORGANISATIONS = {
    "provider_org_ref": text("provider-org/@ref"),
    "provider_org_name": name("provider-org"),
    "provider_activity_ref": text("provider-org/@provider-activity-id"),
    "receiver_org_ref": text("receiver-org/@ref"),
    "receiver_org_name": name("receiver-org"),
    "receiver_activity_ref": text("receiver-org/@receiver-activity-id"),
}
_MONEY = {
    "value": typed("amount", "value"),
    "currency": code("Currency", "value/@currency", default="default_currency"),
    "value_date": typed("date", "value/@value-date"),
}

ACTIVITY = Rows(
    {"": None},
    {
        "identifier": text("iati-identifier"),
        "reporting_org_ref": text("reporting-org/@ref"),
        "reporting_org_type_code": code("OrganisationType", "reporting-org/@type"),
        "reporting_org_name": name("reporting-org"),
        "is_secondary_reporter": typed("flag", "reporting-org/@secondary-reporter"),
        "title": name("title"),
        "title_lang": lang("title"),
        "description": name("description"),
        "description_lang": lang("description"),
        # @ref: how files of 1.0, before the first numbered release, wrote codes.
        "activity_status_code": code(
            "ActivityStatus", "activity-status/@code", "activity-status/@ref", "activity-status"
        ),
        "default_currency": code("Currency", "@default-currency"),
        "default_lang": Field(("@xml:lang", "@lang"), "lang"),
        "default_aid_type_code": code("AidType", "default-aid-type[1]/@code"),
        "default_flow_type_code": code("FlowType", "default-flow-type/@code", "flow-type/@ref"),
        "default_finance_type_code": code("FinanceType", "default-finance-type/@code", "finance-type/@ref"),
        "default_tied_status_code": code("TiedStatus", "default-tied-status/@code", "default-tied-status/@ref"),
        "collaboration_type_code": code("CollaborationType", "collaboration-type/@code"),
        "activity_scope_code": code("ActivityScope", "activity-scope/@code"),
        "hierarchy": typed("whole", "@hierarchy"),
        "is_humanitarian": typed("flag", "@humanitarian"),
        "has_conditions": typed("flag", "conditions/@attached"),
        "capital_spend_pct": typed("percent", "capital-spend/@percentage"),
        "last_updated": typed("time", "@last-updated-datetime"),
        "iati_version": text("@version"),
    },
    is_line_kept=True,
)

#: Tables that come out as they are here. Where `kinds` has a name, column `kind` says which path a row came from.
TABLES: dict[str, Rows] = {
    "identifier": Rows(
        {"other-identifier": None},
        {
            "ref": text("@ref", "."),
            "type_code": code("OtherIdentifierType", "@type"),
            "owner_org_ref": text("owner-org/@ref", "@owner-ref"),
            "owner_org_name": words("owner-org/narrative", "@owner-name"),
        },
    ),
    "related_activity": Rows(
        {"related-activity": None}, {"ref": text("@ref"), "type_code": code("RelatedActivityType", "@type")}
    ),
    "participating_org": Rows(
        {"participating-org": None},
        {
            "role_code": code("OrganisationRole", "@role"),
            "ref": text("@ref"),
            "type_code": code("OrganisationType", "@type"),
            "name": name("."),
            "name_lang": lang("name"),
            "activity_ref": text("@activity-id"),
        },
    ),
    "sector": Rows(
        {"sector": None, "transaction/sector": None},
        {
            "vocabulary_code": code("SectorVocabulary", "@vocabulary", otherwise="1"),
            "vocabulary_uri": text("@vocabulary-uri"),
            "code": text("@code"),
            "pct": typed("percent", "@percentage"),
            "name": name("."),
        },
    ),
    "recipient": Rows(
        {
            "recipient-country": "country",
            "recipient-region": "region",
            "transaction/recipient-country": "country",
            "transaction/recipient-region": "region",
        },
        {
            "vocabulary_code": code("RegionVocabulary", "@vocabulary"),
            "code": text("@code"),
            "pct": typed("percent", "@percentage"),
            "name": name("."),
        },
    ),
    "location": Rows(
        {"location": None},
        {
            "ref": text("@ref"),
            "reach_code": code("GeographicLocationReach", "location-reach/@code"),
            "exactness_code": code("GeographicExactness", "exactness/@code", "coordinates/@precision"),
            "class_code": code("GeographicLocationClass", "location-class/@code"),
            "feature_code": text("feature-designation/@code", "location-type/@code"),
            "_position": text("point/pos"),
            "_latitude": text("coordinates/@latitude"),
            "_longitude": text("coordinates/@longitude"),
            "name": name("name"),
            "name_lang": lang("name"),
            "country_code": code("Country", "administrative/@country"),
            "admin1_code": text("administrative/@adm1"),
            "admin2_code": text("administrative/@adm2"),
            "pct": typed("percent", "@percentage"),
        },
        is_line_kept=True,
    ),
    "location_code": Rows(
        {
            "location/location-id": "gazetteer",
            "location/administrative": "administrative",
            "location/gazetteer-entry": "gazetteer",
        },
        {
            "vocabulary_code": code("GeographicVocabulary", "@vocabulary", "@gazetteer-ref"),
            "level": typed("whole", "@level"),
            # The text of a 1.x administrative is a list of names, no code.
            "code": text("@code", "[location/gazetteer-entry]."),
        },
    ),
    "policy_marker": Rows(
        {"policy-marker": None},
        {
            "vocabulary_code": code("PolicyMarkerVocabulary", "@vocabulary", otherwise="1"),
            "code": text("@code"),
            "significance_code": code("PolicySignificance", "@significance"),
            "name": name("."),
        },
    ),
    "tag": Rows(
        {"tag": "tag", "humanitarian-scope": "humanitarian_scope"},
        {
            "type_code": code("HumanitarianScopeType", "@type"),
            "vocabulary_code": text("@vocabulary"),
            "vocabulary_uri": text("@vocabulary-uri"),
            "code": text("@code"),
            "name": name("."),
        },
    ),
    "budget": Rows(
        {"budget": "budget", "planned-disbursement": "planned_disbursement", "budget-planned": "budget"},
        {
            "type_code": code("BudgetType", "@type"),
            "status_code": code("BudgetStatus", "@status"),
            "period_start_date": day("period-start"),
            "period_end_date": day("period-end"),
            **_MONEY,
            **_ORGANISATIONS,
        },
        is_line_kept=True,
    ),
    "transaction": Rows(
        {"transaction": None},
        {
            "ref": text("@ref"),
            "type_code": code("TransactionType", "transaction-type/@code", "@type"),
            "transaction_date": typed("date", "transaction-date/@iso-date", "transaction-date", "milestone-date"),
            **_MONEY,
            "description": name("description"),
            **_ORGANISATIONS,
            "provider_org_type_code": code("OrganisationType", "provider-org/@type"),
            "receiver_org_type_code": code("OrganisationType", "receiver-org/@type"),
            "disbursement_channel_code": code("DisbursementChannel", "disbursement-channel/@code"),
            "flow_type_code": code("FlowType", "flow-type/@code", default="default_flow_type_code"),
            "finance_type_code": code("FinanceType", "finance-type/@code", default="default_finance_type_code"),
            "aid_type_code": code("AidType", "aid-type[1]/@code", default="default_aid_type_code"),
            "tied_status_code": code("TiedStatus", "tied-status/@code", default="default_tied_status_code"),
            "is_humanitarian": typed("flag", "@humanitarian"),
        },
        is_line_kept=True,
    ),
    "result": Rows(
        {"result": None},
        {
            "type_code": code("ResultType", "@type"),
            "can_aggregate": typed("flag", "@aggregation-status"),
            "title": name("title"),
            "title_lang": lang("title"),
        },
    ),
    "indicator": Rows(
        {"result/indicator": None},
        {
            "measure_code": code("IndicatorMeasure", "@measure"),
            "is_ascending": typed("flag", "@ascending"),
            "title": name("title"),
            "title_lang": lang("title"),
            "baseline_year": typed("whole", "baseline/@year"),
            "baseline_date": typed("date", "baseline/@iso-date"),
            "baseline_value": words("baseline/@value"),
        },
    ),
    "indicator_period": Rows(
        {"result/indicator/period": None},
        {
            "period_start_date": day("period-start"),
            "period_end_date": day("period-end"),
            "target_value": words("target/@value", "target"),
            "actual_value": words("actual/@value", "actual"),
        },
    ),
    "document": Rows(
        {"document-link": None, "activity-website": None},
        {
            "url": address("@url", "."),
            "format": text("@format"),
            "title": name("title"),
            "title_lang": lang("title"),
            "document_date": day("document-date"),
        },
    ),
}

#: Rows that end up in columns of other tables: dates by their type, categories joined.
DATES = Rows(
    {"activity-date": None},
    {"type_code": code("ActivityDateType", "@type"), "date": typed("date", *_DAY)},
)
CATEGORIES = Rows({"document-link/category": None}, {"code": code("DocumentCategory", "@code")})

#: Elements whose texts go to `narrative`, with the table that numbers them (None: they stand for themselves, 0).
NARRATIVES: dict[str, str | None] = {
    "title": None,
    "description": None,
    "reporting-org": None,
    "activity-date": None,
    "conditions/condition": None,
    "other-identifier/owner-org": "identifier",
    "participating-org": "participating_org",
    "related-activity": "related_activity",
    "sector": "sector",
    "recipient-country": "recipient",
    "recipient-region": "recipient",
    "location/name": "location",
    "location/description": "location",
    "location/activity-description": "location",
    "location/administrative": "location",
    "policy-marker": "policy_marker",
    "tag": "tag",
    "humanitarian-scope": "tag",
    "planned-disbursement/provider-org": "budget",
    "planned-disbursement/receiver-org": "budget",
    "transaction/description": "transaction",
    "transaction/provider-org": "transaction",
    "transaction/receiver-org": "transaction",
    "transaction/sector": "sector",
    "transaction/recipient-country": "recipient",
    "transaction/recipient-region": "recipient",
    "result/title": "result",
    "result/description": "result",
    "result/indicator/title": "indicator",
    "result/indicator/description": "indicator",
    "result/indicator/baseline/comment": "indicator",
    "result/indicator/period/target/comment": "indicator_period",
    "result/indicator/period/actual/comment": "indicator_period",
    "document-link/title": "document",
    "document-link/description": "document",
}

#: Last steps of elements that are there for their text alone: an empty one is worth a word.
TEXT_ONLY = frozenset({"title", "description", "activity-description", "comment"})
#: How issues name columns that are not in the dictionary.
FIELD_NAMES = {
    ("_date", "type_code"): "activity-date/@type",
    ("_date", "date"): "activity-date",
    ("_category", "code"): "document.category_codes",
}
#: Of these elements only narratives are texts; their own text means something else (a date, a code).
OWN_TEXT_IS_DATA = frozenset({"activity-date"})
#: Languages are attributes of the text's element (`lang` without prefix: files made without namespaces).
LANG_ATTRIBUTES = ("xml:lang", "lang")
