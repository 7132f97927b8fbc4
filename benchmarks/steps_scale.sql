-- The generated set of benchmarks/steps_scale.py: macros, then one query per table, each after a line with its name.
-- Words in braces are sizes. Columns that a query leaves out are null.
-- `pick`: a whole number from 0 on that depends on a row number and a salt only. `often`: the same, small ones more
-- often, as real partners, places and nodes are: a quarter of them holds half of the rows.
CREATE MACRO pick(i, salt, n) AS (hash(i * 1000003 + salt) % n)::BIGINT;
CREATE MACRO often(i, salt, n) AS floor(n * pow(pick(i, salt, 1000000) / 1000000, 2))::BIGINT;
CREATE MACRO ref(i) AS 'XX-' || lpad(i::VARCHAR, 4, '0');
CREATE MACRO record(i) AS (hash(i) >> 1)::BIGINT;
CREATE MACRO place(i, salt) AS
  CASE WHEN pick(i, salt, 20) = 0 THEN 'UNKNOWN' WHEN pick(i, salt, 20) = 1 THEN 'REGIONAL'
       WHEN pick(i, salt, 20) < 4 THEN 'C' || often(i, salt + 1, {countries})
       ELSE 'C' || often(i, salt + 1, {countries}) || lpad(often(i, salt + 2, {regions})::VARCHAR, 2, '0')
            || CASE WHEN pick(i, salt, 20) < 8 THEN '' ELSE lpad(often(i, salt + 3, {districts})::VARCHAR, 2, '0') END END;
CREATE MACRO precision_of(p) AS
  CASE length(p) WHEN 2 THEN 'country' WHEN 4 THEN 'admin1' WHEN 6 THEN 'admin2'
       ELSE CASE p WHEN 'REGIONAL' THEN 'region' ELSE 'unknown' END END;
-- What an activity says of itself: a title of some ten words and a description of some fifty, in one of three languages.
-- Names of places and programmes are what parts real titles: as in real files new ones come with new activities, a few
-- are common and most stand in a handful of titles. One activity in fifty tells of the project of another one, in its
-- own language and under its own number (in the real files pairs are proposed of one in seventy).
CREATE MACRO told(i) AS CASE WHEN pick(i, 205, 50) = 0 THEN pick(i, 206, {n}) ELSE i END;
CREATE MACRO syllable(k) AS substr('bdfghjklmnprstvwz', 1 + ((k // 4) % 17)::INTEGER, 1) || substr('aiou', 1 + (k % 4)::INTEGER, 1);
CREATE MACRO called(k) AS upper(substr(syllable(k), 1, 1)) || substr(syllable(k), 2) || syllable(k // 68) || syllable(k // 4624);
CREATE MACRO named(i, salt) AS called(often(i, salt, 1 + {n} // 8));
CREATE MACRO tongue(i) AS ['en', 'en', 'en', 'en', 'en', 'en', 'fr', 'fr', 'fr', 'ar'][1 + pick(i, 200, 10)];
CREATE MACRO who(i, salt, lang) AS CASE lang
  WHEN 'en' THEN ['young people', 'women', 'farmers', 'herders', 'teachers', 'judges', 'journalists', 'former fighters', 'families',
    'religious leaders', 'mayors', 'police officers', 'prison staff', 'traders', 'displaced persons', 'nurses'][1 + pick(i, salt, 16)]
  WHEN 'fr' THEN ['les jeunes', 'les femmes', 'les agriculteurs', 'les éleveurs', 'les enseignants', 'les magistrats', 'les journalistes',
    'les anciens combattants', 'les familles', 'les chefs religieux', 'les maires', 'les policiers', 'les agents des prisons',
    'les commerçants', 'les personnes déplacées', 'les infirmiers'][1 + pick(i, salt, 16)]
  ELSE ['الشباب', 'النساء', 'المزارعين', 'الرعاة', 'المعلمين', 'القضاة', 'الصحفيين', 'الأسر'][1 + pick(i, salt, 8)] END;
CREATE MACRO what(i, salt, lang) AS CASE lang
  WHEN 'en' THEN ['dialogue between communities', 'vocational training and jobs', 'primary schools', 'water points', 'access to justice',
    'prevention of violent extremism', 'mediation of land conflicts', 'health centres', 'local governance', 'border security',
    'media literacy', 'reintegration and counselling', 'human rights monitoring', 'small loans', 'market roads', 'vaccination',
    'cash transfers', 'reconciliation', 'climate adaptation', 'civil registration'][1 + pick(i, salt, 20)]
  WHEN 'fr' THEN ['le dialogue entre communautés', 'la formation professionnelle et l''emploi', 'les écoles primaires', 'les points d''eau',
    'l''accès à la justice', 'la prévention de l''extrémisme violent', 'la médiation des conflits fonciers', 'les centres de santé',
    'la gouvernance locale', 'la sécurité des frontières', 'l''éducation aux médias', 'la réinsertion et l''accompagnement',
    'le suivi des droits humains', 'le microcrédit', 'les pistes rurales', 'la vaccination', 'les transferts monétaires',
    'la réconciliation', 'l''adaptation au climat', 'l''état civil'][1 + pick(i, salt, 20)]
  ELSE ['الحوار بين المجتمعات', 'التدريب المهني والتشغيل', 'المدارس', 'نقاط المياه', 'الوصول إلى العدالة', 'منع التطرف العنيف', 'الوساطة',
    'المراكز الصحية', 'الحوكمة المحلية', 'أمن الحدود'][1 + pick(i, salt, 10)] END;
CREATE MACRO sentence(i, salt, lang) AS CASE lang
  WHEN 'en' THEN 'In ' || named(i, salt) || ' it helps ' || who(i, salt + 1, lang) || ' with ' || what(i, salt + 2, lang)
    || ' and brings ' || who(i, salt + 3, lang) || ' into ' || what(i, salt + 4, lang) || '. '
  WHEN 'fr' THEN 'À ' || named(i, salt) || ', il aide ' || who(i, salt + 1, lang) || ' par ' || what(i, salt + 2, lang)
    || ' et associe ' || who(i, salt + 3, lang) || ' à ' || what(i, salt + 4, lang) || '. '
  ELSE 'في ' || named(i, salt) || ' يدعم ' || who(i, salt + 1, lang) || ' عبر ' || what(i, salt + 2, lang) || '. ' END;

-- table: activity
SELECT record(i) AS record_id, 's' || often(i, 1, {sources}) AS source_id, 's' || often(i, 1, {sources}) || '.xml' AS input_path,
  i AS line, 'iati' AS kind, ref(often(i, 2, {partners})) || '-' || i AS identifier,
  ref(often(i, 2, {partners})) AS reporting_org_ref, '40' AS reporting_org_type_code,
  'Partner ' || often(i, 2, {partners}) AS reporting_org_name, false AS is_secondary_reporter,
  what(told(i), 210, tongue(i)) || ' – ' || who(told(i), 211, tongue(i)) || ' ' || named(told(i), 212) || ' ' || named(told(i), 213)
    || ' ' || i AS title, tongue(i) AS title_lang,
  sentence(told(i), 220, tongue(i)) || sentence(told(i), 230, tongue(i)) || sentence(told(i), 240, tongue(i)) AS description,
  tongue(i) AS description_lang, '2' AS activity_status_code,
  ['ongoing', 'ongoing', 'planned', 'completed', 'requested', 'cancelled', NULL][1 + pick(i, 3, 7)] AS state,
  DATE '2019-01-01' + pick(told(i), 4, 2500)::INTEGER AS start_actual_date,
  DATE '2019-01-01' + (pick(told(i), 4, 2500) + 90 + pick(told(i), 5, 1400))::INTEGER AS end_planned_date,
  'USD' AS default_currency, 'en' AS default_lang,
  TIMESTAMP '2026-06-01' - to_days(pick(i, 6, 700)::INTEGER) AS last_updated, '2.03' AS iati_version,
  ['CLEAR', 'CLEAR', 'CLEAR', 'CLEAR', 'CLEAR', 'CLEAR', 'CLEAR', 'GREEN', 'AMBER:a', 'AMBER:b'][1 + pick(i, 7, 10)] AS marking_key,
  CASE WHEN pick(i, 7, 10) > 7 THEN 'CLEAR' END AS coarse_marking_key, 1 AS coarse_place_level,
  pick(i, 8, 2) = 0 AS is_partner_hidden, true AS is_supply
FROM range({n}) t(i)

-- table: narrative
SELECT record(i) AS record_id, 'description' AS field, 1 AS seq, 'fr' AS lang, sentence(told(i), 250, 'fr') AS text
FROM range({n}) t(i) WHERE tongue(i) = 'en' AND pick(i, 201, 10) = 0

-- table: participating_org
SELECT record(i) AS record_id, s::INTEGER AS seq, ['1', '4'][1 + s] AS role_code, ref(pick(i, 20 + s, 2 * {partners})) AS ref,
  'Partner ' || pick(i, 20 + s, 2 * {partners}) AS name, 'en' AS name_lang
FROM range({n}) t(i), range(2) u(s)

-- table: transaction
SELECT record(i) AS record_id, s::INTEGER AS seq, i + s AS line, ['2', '3', '3', '3', '3', '3', '4', '4', '1', '12'][1 + s] AS type_code,
  CASE WHEN pick(i * 10 + s, 30, 50) > 0 THEN DATE '2019-01-01' + (pick(i, 4, 2500) + pick(i * 10 + s, 31, 900))::INTEGER END
    AS transaction_date,
  (pick(i * 10 + s, 32, 100000000) / 100)::DECIMAL(18, 4) AS value, 'USD' AS currency, 'Payment ' || s AS description,
  ref(pick(i, 20, 2 * {partners})) AS provider_org_ref, 'Partner ' || pick(i, 20, 2 * {partners}) AS provider_org_name,
  CASE WHEN s = 8 AND pick(i, 33, 10) = 0
    THEN ref(often(pick(i, 34, {n}), 2, {partners})) || '-' || pick(i, 34, {n}) END AS provider_activity_ref,
  ref(pick(i, 21, 2 * {partners})) AS receiver_org_ref, 'Partner ' || pick(i, 21, 2 * {partners}) AS receiver_org_name,
  CASE WHEN pick(i * 10 + s, 35, 50) > 0 THEN (pick(i * 10 + s, 32, 100000000) / 100)::DECIMAL(18, 2) END AS value_usd,
  CASE WHEN pick(i * 10 + s, 35, 50) > 0 THEN (pick(i * 10 + s, 32, 100000000) / 110)::DECIMAL(18, 2) END AS value_eur
FROM range({n}) t(i), range(10) u(s)

-- table: budget
SELECT record(i) AS record_id, 'budget' AS kind, s::INTEGER AS seq, '1' AS type_code,
  DATE '2019-07-01' + (pick(i, 4, 2500) + 365 * s)::INTEGER AS period_start_date,
  DATE '2019-07-01' + (pick(i, 4, 2500) + 365 * s + 364)::INTEGER AS period_end_date,
  (pick(i * 2 + s, 40, 100000000) / 100)::DECIMAL(18, 2) AS value_usd,
  (pick(i * 2 + s, 40, 100000000) / 110)::DECIMAL(18, 2) AS value_eur
FROM range({n}) t(i), range(2) u(s)

-- table: sector
SELECT record(i) AS record_id, -1 AS transaction_seq, 0 AS seq, '1' AS vocabulary_code,
  (15110 + 10 * pick(i, 50, 9))::VARCHAR AS code FROM range({n}) t(i)

-- table: place_share
WITH two AS (SELECT i, pick(i, 60, 3) = 0 AS is_two, place(i, 61) AS first, place(i, 71) AS second FROM range({n}) t(i))
SELECT record(i) AS record_id, -1 AS transaction_seq, first AS place_id, precision_of(first) AS precision,
  CASE WHEN is_two AND first <> second THEN 400000001 ELSE 1000000000 END AS share, 'equal' AS basis FROM two
UNION ALL
SELECT record(i), -1, second, precision_of(second), 599999999, 'equal' FROM two WHERE is_two AND first <> second
UNION ALL
SELECT record(i), s::INTEGER, place(i * 10 + s, 80), precision_of(place(i * 10 + s, 80)), 1000000000, 'whole'
FROM range({n}) t(i), range(10) u(s) WHERE pick(i, 81, 20) = 0

-- table: node_share
WITH f AS (SELECT unnest(['plan', 'gct']) AS framework_id, unnest([60, 4]) AS nodes, unnest([100, 120]) AS salt),
  two AS (SELECT i, framework_id, pick(i, salt, 2) = 0 AS is_two, pick(i, salt, 5) = 0 AS is_none,
    framework_id || often(i, salt + 1, nodes) AS first, framework_id || often(i, salt + 2, nodes) AS second,
    pick(i, salt + 3, 3) = 0 AS is_confirmed, pick(i, salt + 4, 100) / 100 AS probability FROM range({n}) t(i), f)
SELECT record(i) AS record_id, -1 AS transaction_seq, framework_id, CASE WHEN is_none THEN 'UNCLASSIFIED' ELSE first END AS node_id,
  CASE WHEN is_two AND NOT is_none AND first <> second THEN 500000000 ELSE 1000000000 END AS share,
  is_confirmed AND NOT is_none AS is_confirmed, CASE WHEN is_none THEN NULL WHEN is_confirmed THEN 1 ELSE probability END AS probability,
  'equal' AS basis FROM two
UNION ALL
SELECT record(i), -1, framework_id, second, 500000000, false, probability, 'equal' FROM two
WHERE is_two AND NOT is_none AND first <> second

-- table: place
SELECT 'list' AS source_id, 'C' || c AS place_id, 0 AS level, NULL AS parent_id, 'C' || c AS country_code FROM range({countries}) a(c)
UNION ALL
SELECT 'list', 'C' || c || lpad(r::VARCHAR, 2, '0'), 1, 'C' || c, 'C' || c FROM range({countries}) a(c), range({regions}) b(r)
UNION ALL
SELECT 'list', 'C' || c || lpad(r::VARCHAR, 2, '0') || lpad(d::VARCHAR, 2, '0'), 2, 'C' || c || lpad(r::VARCHAR, 2, '0'), 'C' || c
FROM range({countries}) a(c), range({regions}) b(r), range({districts}) e(d)

-- table: node
SELECT 'plan' AS framework_id, i::INTEGER AS position, 'plan' || i AS node_id, 'O' || i // 3 AS parent_id FROM range(60) t(i)
UNION ALL SELECT 'plan', (100 + i)::INTEGER, 'O' || i, 'P' || i // 4 FROM range(20) t(i)
UNION ALL SELECT 'plan', (200 + i)::INTEGER, 'P' || i, NULL FROM range(5) t(i)
UNION ALL SELECT 'gct', i::INTEGER, 'gct' || i, NULL FROM range(4) t(i)

-- table: issue
SELECT 'warning' AS severity, ['date_bad', 'place_missing', 'sector_pct'][1 + pick(i, 90, 3)] AS code, 'read' AS step,
  's' || often(i, 1, {sources}) AS source_id, 's' || often(i, 1, {sources}) || '.xml' AS input_path, record(i) AS record_id,
  '{{}}' AS values, 1 AS count
FROM range({n}) t(i) WHERE pick(i, 91, 10) = 0
