-- What publish() makes of columns: the part that each plays, by name and type, and the names that Chinese ones get.

CREATE OR REPLACE FUNCTION citybigdata.latin_text(given text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_latin_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.latin_text(text) IS 'A text in Latin letters, syllable by syllable (ICU): 栽植时间 gives zai zhi shi jian. Of a character with several readings the most usual';

-- How well a name fits a part, 1 best; null: not at all. Names are compared without regard to case. `whole`: the name of a code, not of
-- what the code stands for.
CREATE OR REPLACE FUNCTION citybigdata.column_fit(part text, column_name text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE $1
        WHEN 'time' THEN CASE
            WHEN $2 !~* '(time|date|_at|seen|day|timestamp)$' AND $2 !~ '(时间|日期|时刻)$' THEN NULL
            WHEN $2 ~* '(updat|modif|chang|delet|expir|valid|end)' OR $2 ~ '(更新|修改|变更|删除|失效|截止|结束|到期)' THEN 3
            WHEN $2 ~* '(creat|report|occur|happen|observ|measur|record|seen|sampl|collect)' OR $2 ~ '(上报|发生|采集|发现|创建|记录|观测|监测|测量)' THEN 1
            ELSE 2 END
        WHEN 'division' THEN CASE
            WHEN $2 ~* '^(division|adm(in)?|area)_?code$|^ad_?code$' OR $2 ~ '^(行政|所属|所在)?区划(代码|编码|码)$|^行政区(代码|编码|码)$' THEN 1
            WHEN $2 ~* '^community_?code$' OR $2 ~ '^(所属|所在)?社区(代码|编码|码)$' THEN 2
            WHEN $2 ~* '^street_?code$' OR $2 ~ '^(所属|所在)?(街道|乡镇)(代码|编码|码)$' THEN 3
            WHEN $2 ~* '^(district|county)_?code$' OR $2 ~ '^(所属|所在)?(区县|区)(代码|编码|码)$' THEN 4 END
        -- may be the name as well as the code: the length of the type must tell
        WHEN 'division word' THEN CASE
            WHEN $2 ~* '^(division|community|street|district|county)$' OR $2 ~ '^(所属|所在)?(行政区划|行政区|区划|区县|街道|社区)$' THEN 5 END
        WHEN 'longitude' THEN CASE WHEN $2 ~* '^(lon|lng|longitude)$' OR $2 = '经度' THEN 1 END
        WHEN 'latitude' THEN CASE WHEN $2 ~* '^(lat|latitude)$' OR $2 = '纬度' THEN 1 END
        WHEN 'axis' THEN CASE WHEN $2 ~* '^(coord(inate)?_?)?[xy]$' OR $2 ~ '^[XxYy] ?坐标$|^(横|纵)坐标$' THEN 1 END
        WHEN 'person' THEN CASE
            WHEN $2 ~* '(^|_)(phone|mobile|tel|telephone|cellphone|id_?card|id_?number|passport|email)(_?(no|number))?$' OR $2 ~* '(phone|mobile|idcard)'
                OR $2 ~ '(电话|手机|身份证|证件号|护照|邮箱|联系方式)' THEN 1 END
        END
$$;
COMMENT ON FUNCTION citybigdata.column_fit(text, text) IS
'How well the English or Chinese name of a column fits a part (time, division, division word, longitude, latitude, axis, person), 1 best; null = not at all';

-- The place that two columns of degrees make, as queries and an index for them have it.
CREATE OR REPLACE FUNCTION citybigdata.place_expression(longitude text, latitude text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('%1$I.st_setsrid(%1$I.st_makepoint(%2$I::double precision, %3$I::double precision), 4490)', n.nspname, $1, $2)
    FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'postgis'
$$;
COMMENT ON FUNCTION citybigdata.place_expression(text, text) IS 'Point in EPSG:4490 of two columns of degrees, as an expression for an index';

-- The columns of a place that is made of two: by option, else by their names where no geometry is there.
CREATE OR REPLACE FUNCTION citybigdata.degree_columns(schema_name text, relation_name text, arguments text, options jsonb, has_geometry boolean, OUT longitude text, OUT latitude text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    longitude := options ->> 'longitudeColumn';
    latitude := options ->> 'latitudeColumn';
    IF (longitude IS NULL) <> (latitude IS NULL) THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('option "{option}" without "{other}"', 'option', CASE WHEN latitude IS NULL THEN 'longitudeColumn' ELSE 'latitudeColumn' END,
                'other', CASE WHEN latitude IS NULL THEN 'latitudeColumn' ELSE 'longitudeColumn' END), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('A place has both: {example}.', 'example', '{"longitudeColumn": "lon", "latitudeColumn": "lat"}');
    ELSIF longitude IS NOT NULL AND (options ->> 'geometryColumn' IS NOT NULL OR coalesce(options ->> 'srid', '4490') <> '4490') THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('longitudeColumn beside geometryColumn or another coordinate system'), ERRCODE = 'invalid_parameter_value',
            DETAIL = citybigdata.say('Longitude and latitude make the place in EPSG:4490.'),
            HINT = citybigdata.say('Leave geometryColumn and srid out; other systems: a view with {example} as its geometry.', 'example', 'ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4548), 4490)');
    ELSIF longitude IS NOT NULL THEN
        SELECT o.option, o.name, c.type_oid INTO wrong
        FROM (VALUES (1, 'longitudeColumn', longitude), (2, 'latitudeColumn', latitude)) o (n, option, name)
        LEFT JOIN citybigdata.relation_columns(schema_name, relation_name, arguments) c ON c.column_name = o.name
        WHERE c.type_oid IS NULL OR NOT citybigdata.column_serves(c.type_oid, 'degree') OR longitude = latitude ORDER BY o.n LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING MESSAGE = CASE WHEN wrong.type_oid IS NULL THEN citybigdata.say('{option} "{column}" is no column', 'option', wrong.option, 'column', wrong.name)
                    WHEN longitude = latitude THEN citybigdata.say('{option} "{column}" is both', 'option', wrong.option, 'column', wrong.name)
                    ELSE citybigdata.say('{option} "{column}" has type {type}', 'option', wrong.option, 'column', wrong.name, 'type', format_type(wrong.type_oid, NULL)) END,
                ERRCODE = 'datatype_mismatch', HINT = citybigdata.say('Degrees are double precision, real or numeric; publish a view that casts texts.');
        END IF;
    ELSIF NOT has_geometry AND NOT options ? 'geometryColumn' THEN
        SELECT c.column_name, d.column_name INTO longitude, latitude
        FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c, citybigdata.relation_columns(schema_name, relation_name, arguments) d
        WHERE citybigdata.column_fit('longitude', c.column_name) = 1 AND citybigdata.column_serves(c.type_oid, 'degree')
          AND citybigdata.column_fit('latitude', d.column_name) = 1 AND citybigdata.column_serves(d.type_oid, 'degree')
          AND NOT EXISTS (SELECT FROM unnest(ARRAY[c.column_name, d.column_name]) n WHERE (options #>> ARRAY['fields', n, 'exclude'])::boolean)
        ORDER BY c.place, d.place LIMIT 1;
    END IF;
END
$$;
COMMENT ON FUNCTION citybigdata.degree_columns(text, text, text, jsonb, boolean) IS 'Columns of longitude and latitude that make the place of a relation, by option or derived';

-- Which columns carry time, place and division, as far as names, types and indexes tell.
CREATE OR REPLACE FUNCTION citybigdata.derived_columns(schema_name text, relation_name text, arguments text, options jsonb, sorted text[],
    OUT time_column text, OUT division_column text, OUT division_digits integer, OUT geometry_column text, OUT srid integer, OUT latitude_column text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    length integer;
    degrees record;
BEGIN
    -- the only time of a relation is its time, whatever it is called
    SELECT c.column_name INTO time_column
    FROM (SELECT r.*, citybigdata.column_fit('time', r.column_name) AS fit, count(*) OVER () = 1 AS alone FROM citybigdata.relation_columns(schema_name, relation_name, arguments) r
          WHERE citybigdata.column_serves(r.type_oid, 'time') AND NOT coalesce((options #>> ARRAY['fields', r.column_name, 'exclude'])::boolean, false)) c
    WHERE c.column_name = ANY (sorted) OR c.fit IS NOT NULL OR (c.alone AND arguments IS NULL)
    ORDER BY c.column_name = ANY (sorted) DESC, c.fit NULLS LAST, citybigdata.base_type(c.type_oid) = 'date'::regtype, c.place LIMIT 1;
    SELECT c.column_name INTO division_column
    FROM (SELECT r.*, coalesce(citybigdata.column_fit('division', r.column_name),
                               CASE WHEN r.type_mod - 4 IN (6, 9, 12) THEN citybigdata.column_fit('division word', r.column_name) END) AS fit
          FROM citybigdata.relation_columns(schema_name, relation_name, arguments) r WHERE citybigdata.column_serves(r.type_oid, 'division')) c
    WHERE c.fit IS NOT NULL AND NOT coalesce((options #>> ARRAY['fields', c.column_name, 'exclude'])::boolean, false) ORDER BY c.fit, c.place LIMIT 1;
    SELECT c.column_name INTO geometry_column FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE citybigdata.column_serves(c.type_oid, 'place') AND (citybigdata.place_srid(c.type_oid, c.type_mod) IS NOT NULL OR options ? 'srid')
      AND NOT coalesce((options #>> ARRAY['fields', c.column_name, 'exclude'])::boolean, false)
    ORDER BY c.place LIMIT 1;
    -- an option wins; null means: none
    IF options ? 'timeColumn' THEN time_column := options ->> 'timeColumn'; END IF;
    IF options ? 'divisionColumn' THEN division_column := options ->> 'divisionColumn'; END IF;
    IF options ? 'geometryColumn' THEN geometry_column := options ->> 'geometryColumn'; END IF;
    SELECT d.longitude, d.latitude INTO degrees FROM citybigdata.degree_columns(schema_name, relation_name, arguments, options, geometry_column IS NOT NULL) d;
    IF degrees.latitude IS NOT NULL THEN
        geometry_column := degrees.longitude;
        latitude_column := degrees.latitude;
        srid := 4490;
    ELSE
        SELECT coalesce((options ->> 'srid')::integer, citybigdata.place_srid(c.type_oid, c.type_mod)) INTO srid
        FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c WHERE c.column_name = geometry_column;
    END IF;
    IF geometry_column IS NOT NULL AND srid IS NULL THEN
        RAISE EXCEPTION USING MESSAGE = citybigdata.say('the coordinate system of "{column}" is not known', 'column', geometry_column), ERRCODE = 'invalid_parameter_value',
            HINT = citybigdata.say('Declare it in the column''s type, geometry(Point,4490), or by option: {example}.', 'example', '{"srid": 4490}');
    END IF;
    SELECT c.type_mod - 4 INTO length FROM citybigdata.relation_columns(schema_name, relation_name, arguments) c
    WHERE c.column_name = division_column AND c.type_mod > 4;
    division_digits := coalesce((options ->> 'divisionDigits')::integer, CASE WHEN length = 6 THEN 6 END);
END
$$;
COMMENT ON FUNCTION citybigdata.derived_columns(text, text, text, jsonb, text[]) IS
'Time, division and geometry column of a relation, by option or derived; with latitude_column the geometry column is the longitude';

-- Indexes that would make the interface faster.
CREATE OR REPLACE FUNCTION citybigdata.publish_advice(kind "char", schema_name text, relation_name text, key text[], time_column text, division_column text,
                                                      geometry_column text, latitude_column text, sorted text[], spatial text[]) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.text ORDER BY a.place), '{}')
    FROM (SELECT (SELECT string_agg(quote_ident(k.name), ', ' ORDER BY k.place) FROM unnest($4) WITH ORDINALITY AS k (name, place)) AS columns,
                 format('%I.%I', $2, $3) AS name, CASE WHEN $8 IS NULL THEN quote_ident($7) ELSE citybigdata.place_expression($7, $8) END AS place) r
    CROSS JOIN LATERAL (VALUES
        (1, CASE WHEN NOT $4[1] = ANY ($9) THEN format('CREATE UNIQUE INDEX ON %s (%s);', r.name, r.columns) END),
        (2, CASE WHEN $6 IS NOT NULL AND $6 <> ALL ($9) THEN format('CREATE INDEX ON %s (%I, %s);', r.name, $6, r.columns) END),
        (3, CASE WHEN $5 IS NOT NULL AND $5 <> ALL ($9) THEN format('CREATE INDEX ON %s (%I, %s);', r.name, $5, r.columns) END),
        -- PostgreSQL writes the casts of an expression only where it makes them
        (4, CASE WHEN $7 IS NOT NULL AND NOT EXISTS (SELECT FROM unnest($10) s (name) WHERE s.name = $7 AND $8 IS NULL OR replace(s.name, '::double precision', '') = replace(r.place, '::double precision', ''))
                 THEN format('CREATE INDEX ON %s USING gist (%s);', r.name, r.place) END)) AS a (place, text)
    WHERE a.text IS NOT NULL AND $1 IN ('r', 'p', 'm')
$$;
COMMENT ON FUNCTION citybigdata.publish_advice("char", text, text, text[], text, text, text, text, text[], text[]) IS 'Indexes that a published relation lacks, as commands';

CREATE OR REPLACE FUNCTION citybigdata.is_field_name(name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT $1 ~ '^[a-z][A-Za-z0-9]{0,63}$' AND $1 !~* '^xml' $$;
COMMENT ON FUNCTION citybigdata.is_field_name(text) IS 'Is it a name for a field in JSON and XML?';

-- The n-th column's name where its own is none: pinyin, or its number; none of those that are taken.
CREATE OR REPLACE FUNCTION citybigdata.proposed_name(column_name text, place integer, style text, taken text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    base text := left(regexp_replace(citybigdata.camel_case(lower(citybigdata.latin_text(column_name))), '[^A-Za-z0-9]', '', 'g'), 48);
    name text;
    n integer := 1;
BEGIN
    IF style = 'number' OR coalesce(base, '') = '' THEN
        base := 'c' || place;
    ELSIF NOT citybigdata.is_field_name(base) THEN
        base := 'c' || upper(left(base, 1)) || substr(base, 2);
    END IF;
    name := base;
    WHILE name = ANY (taken) LOOP
        n := n + 1;
        name := base || n;
    END LOOP;
    RETURN name;
END
$$;
COMMENT ON FUNCTION citybigdata.proposed_name(text, integer, text, text[]) IS 'A name in JSON and XML for a column that has none: of 栽植时间 zaiZhiShiJian, or c and its number';

-- The code of a resource by the name of its relation: trees gives trees, with `latin` 树木 gives shu-mu.
CREATE OR REPLACE FUNCTION citybigdata.derived_code(relation_name text, latin boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    code text := btrim(regexp_replace(lower(CASE WHEN latin THEN citybigdata.latin_text(relation_name) ELSE relation_name END), '[^a-z0-9]+', '-', 'g'), '-');
BEGIN
    RETURN CASE WHEN NOT latin THEN code WHEN code ~ '^[a-z]' THEN rtrim(left(code, 64), '-') ELSE rtrim(left('data-' || code, 64), '-') END;
END
$$;
COMMENT ON FUNCTION citybigdata.derived_code(text, boolean) IS 'Code of a resource by the name of its relation';

-- The options with a code and a name for every column: those that cannot be named get one by option names, or are told all at once.
CREATE OR REPLACE FUNCTION citybigdata.with_names(schema_name text, relation_name text, arguments text, given jsonb, longitude_column text, latitude_column text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    style text := coalesce(given ->> 'names', 'column');
    code text := coalesce(given ->> 'code', citybigdata.derived_code(relation_name, style <> 'column' AND relation_name ~ '[^\x01-\x7f]'));
    named jsonb := CASE WHEN jsonb_typeof(given -> 'fields') = 'object' THEN given -> 'fields' ELSE '{}' END;
    taken text[] := ARRAY['longitude', 'latitude', 'coordinateX', 'coordinateY', 'place', 'location'];
    faulty text[] := '{}';
    told text; -- the name that one faulty column was to have
    c record;
    command text;
BEGIN
    FOR c IN
        SELECT r.place, r.column_name, coalesce(named #>> ARRAY[r.column_name, 'name'], citybigdata.camel_case(r.column_name), '') AS name
        FROM citybigdata.relation_columns(schema_name, relation_name, arguments) r
        WHERE NOT coalesce((named #>> ARRAY[r.column_name, 'exclude'])::boolean, false) AND r.column_name IS DISTINCT FROM latitude_column
          -- place_option() names the place
          AND NOT (latitude_column IS NOT NULL AND r.column_name = longitude_column AND named #>> ARRAY[r.column_name, 'name'] IS NULL)
          -- left out, unless it is declared as a file
          AND (named ? r.column_name OR citybigdata.base_type(r.type_oid) NOT IN ('bytea'::regtype, 'bytea[]'::regtype))
        ORDER BY citybigdata.is_field_name(coalesce(named #>> ARRAY[r.column_name, 'name'], citybigdata.camel_case(r.column_name), '')) DESC, r.place
    LOOP
        IF NOT citybigdata.is_field_name(c.name) THEN
            told := CASE WHEN style = 'column' OR named #>> ARRAY[c.column_name, 'name'] IS NOT NULL THEN c.name ELSE told END;
            c.name := citybigdata.proposed_name(c.column_name, c.place, style, taken);
            -- a name that is given and wrong is told, never replaced
            IF style = 'column' OR named #>> ARRAY[c.column_name, 'name'] IS NOT NULL THEN
                faulty := faulty || c.column_name;
            END IF;
            named := jsonb_set(named, ARRAY[c.column_name], coalesce(named -> c.column_name, '{}') || jsonb_build_object('name', c.name));
        END IF;
        taken := taken || c.name;
    END LOOP;
    IF cardinality(faulty) > 0 OR code !~ '^[a-z][a-z0-9-]{0,63}$' THEN
        SELECT 'SELECT * FROM citybigdata.publish(' || quote_literal(format('%I.%I', schema_name, relation_name) || coalesce('(' || arguments || ')', '')) || ', ' || quote_literal(
            '{' || concat_ws(', ', '"code": ' || to_json(CASE WHEN code ~ '^[a-z][a-z0-9-]{0,63}$' THEN code ELSE citybigdata.derived_code(coalesce(given ->> 'code', relation_name), true) END),
                (SELECT string_agg(to_json(o.key) || ': ' || o.value, ', ' ORDER BY o.key COLLATE "C") FROM jsonb_each(given - 'code' - 'fields' - 'names') o),
                (SELECT '"fields": {' || string_agg(to_json(r.column_name) || ': ' || (named -> r.column_name), ', ' ORDER BY r.place) || '}'
                 FROM citybigdata.relation_columns(schema_name, relation_name, arguments) r WHERE named ? r.column_name)) || '}') || ');' INTO command;
        RAISE EXCEPTION USING MESSAGE = concat_ws(citybigdata.say('; '), CASE WHEN code !~ '^[a-z][a-z0-9-]{0,63}$' THEN citybigdata.say('invalid resource code "{code}"', 'code', code) END,
                CASE cardinality(faulty) WHEN 0 THEN NULL WHEN 1 THEN citybigdata.say('column "{column}" cannot be named "{name}"', 'column', faulty[1], 'name', told)
                     ELSE citybigdata.say('{count} columns cannot be named as they are: {columns}', 'count', cardinality(faulty)::text, 'columns', array_to_string(faulty, citybigdata.say(', '))) END),
            ERRCODE = 'invalid_name',
            DETAIL = concat_ws(' ', CASE WHEN code !~ '^[a-z][a-z0-9-]{0,63}$' THEN citybigdata.say('A code has small letters, digits and hyphens and begins with a letter.') END,
                CASE WHEN cardinality(faulty) > 0 THEN citybigdata.say('A JSON and XML name is a small letter, then at most 63 letters and digits; it does not begin with xml.') END),
            HINT = citybigdata.say('{call} or {option}, which takes these names by itself; the Chinese ones stay as titles.', 'call', command, 'option', '{"names": "pinyin"}');
    END IF;
    RETURN given || jsonb_build_object('code', code, 'fields', named);
END
$$;
COMMENT ON FUNCTION citybigdata.with_names(text, text, text, jsonb, text, text) IS 'Options of publish() with a code and names for what has none, or one error that proposes them all';
