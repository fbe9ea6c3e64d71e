-- Three published datasets of different layers: street lights (industry), divisions (base), events of the city (theme).
-- psql variables: rows (street lights; a tenth as many events) and seed: the same seed gives the same rows. Again = made anew.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
BEGIN;
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo_analyst') AS no_role \gset
\if :no_role
CREATE ROLE demo_analyst NOLOGIN IN ROLE citybigdata_analyst;
\endif
DROP SCHEMA IF EXISTS demo CASCADE;
CREATE SCHEMA demo AUTHORIZATION demo_analyst;
GRANT SELECT ON citybigdata.division, citybigdata.division_boundary TO demo_analyst;
SELECT citybigdata.load_code_table('lamp-type', '[{"code":"LED","name":"发光二极管"},{"code":"HPS","name":"高压钠灯"},{"code":"MH","name":"金属卤化物灯"}]', 'demo'),
       citybigdata.load_code_table('lamp-state', '[{"code":"0","name":"正常"},{"code":"1","name":"熄灭"},{"code":"2","name":"检修"}]', 'demo'),
       citybigdata.load_code_table('city-event-type', '[{"code":"1","name":"占道经营"},{"code":"2","name":"井盖破损"},{"code":"3","name":"路灯故障"},{"code":"4","name":"垃圾堆放"}]', 'demo') \gset ignored
SET LOCAL ROLE demo_analyst;

\echo divisions and places
-- 0 to 1, by number of the row, by what it is for, by seed
CREATE FUNCTION demo.chance(i bigint, purpose integer, seed integer) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, seed::bigint * 1000 + purpose) & 4294967295) / 4294967296.0::double precision;

CREATE TABLE demo.division (
    division_code varchar(12) PRIMARY KEY, name text NOT NULL, level integer NOT NULL, parent_code varchar(12), geom geometry(MultiPolygon, 4490));
COMMENT ON TABLE demo.division IS '区县与街道。Districts with their boundaries, streets and towns of the city';
INSERT INTO demo.division SELECT d.code, d.name, d.level, d.parent_code, b.geom FROM citybigdata.division d LEFT JOIN citybigdata.division_boundary b ON b.code = d.code
WHERE d.valid_to IS NULL AND (b.code IS NOT NULL OR length(d.code) = 9);
CREATE INDEX ON demo.division USING gist (geom);

-- places inside each district, from which the rows choose
CREATE TEMP TABLE place ON COMMIT DROP AS
SELECT d.division_code AS district_code, d.name, (row_number() OVER (ORDER BY d.division_code, p.path[1]))::integer AS n, p.geom
FROM demo.division d CROSS JOIN LATERAL st_dump(st_generatepoints(d.geom, 200, :seed)) p;
CREATE UNIQUE INDEX ON place (n);
ANALYZE place;
SELECT count(*) AS places FROM place \gset

\echo :rows street lights
CREATE TABLE demo.street_light (
    light_id bigint, lamp_code text NOT NULL, lamp_type text NOT NULL, power_watt numeric(6,1), district_code varchar(6) NOT NULL, street_name text,
    keeper_phone text, installed_at timestamptz NOT NULL, state integer NOT NULL, geom geometry(Point, 4490));
COMMENT ON TABLE demo.street_light IS '路灯。Street lights: type, power, state and place of every lamp';
COMMENT ON COLUMN demo.street_light.power_watt IS '功率。Power';
COMMENT ON COLUMN demo.street_light.keeper_phone IS '养护人电话。Phone of the keeper';
INSERT INTO demo.street_light
SELECT i, 'L' || lpad(i::text, 9, '0'), (ARRAY['LED', 'HPS', 'MH'])[1 + floor(demo.chance(i, 1, :seed) * 3)::integer], 50 + floor(demo.chance(i, 2, :seed) * 400)::integer,
    p.district_code, left(p.name, 2) || '路' || 1 + p.n % 200, '139' || lpad(floor(demo.chance(i, 3, :seed) * 1e8)::text, 8, '0'),
    '2010-01-01 00:00:00+08'::timestamptz + floor(demo.chance(i, 4, :seed) * 473385600) * interval '1 second', CASE WHEN demo.chance(i, 5, :seed) < 0.97 THEN 0 ELSE 1 + floor(demo.chance(i, 6, :seed) * 2)::integer END,
    st_setsrid(st_point(round((st_x(p.geom) + (demo.chance(i, 7, :seed) - 0.5) * 0.002)::numeric, 6)::float8, round((st_y(p.geom) + (demo.chance(i, 8, :seed) - 0.5) * 0.002)::numeric, 6)::float8), 4490)
FROM generate_series(1, :rows::bigint) i JOIN place p ON p.n = 1 + floor(demo.chance(i, 0, :seed) * :places)::integer;
\echo their indexes
ALTER TABLE demo.street_light ADD PRIMARY KEY (light_id);
CREATE INDEX ON demo.street_light (district_code, light_id);
CREATE INDEX ON demo.street_light (installed_at, light_id);
CREATE INDEX ON demo.street_light USING gist (geom);

\echo events of the city
CREATE TABLE demo.city_event (
    event_id bigint, event_type text NOT NULL, district_code varchar(6) NOT NULL, occurred_at timestamptz NOT NULL, closed_at timestamptz, minutes integer, geom geometry(Point, 4490));
COMMENT ON TABLE demo.city_event IS '城市管理事件。Events of city management with the time they took';
INSERT INTO demo.city_event
SELECT i, 1 + floor(demo.chance(i, 11, :seed) * 4)::integer, p.district_code, t.at, CASE WHEN t.minutes < 5000 THEN t.at + t.minutes * interval '1 minute' END, CASE WHEN t.minutes < 5000 THEN t.minutes END,
    st_setsrid(st_point(round((st_x(p.geom) + (demo.chance(i, 17, :seed) - 0.5) * 0.002)::numeric, 6)::float8, round((st_y(p.geom) + (demo.chance(i, 18, :seed) - 0.5) * 0.002)::numeric, 6)::float8), 4490)
FROM generate_series(1, greatest(:rows::bigint / 10, 1)) i JOIN place p ON p.n = 1 + floor(demo.chance(i, 10, :seed) * :places)::integer
CROSS JOIN LATERAL (SELECT '2024-01-01 00:00:00+08'::timestamptz + floor(demo.chance(i, 12, :seed) * 31622400) * interval '1 second' AS at, ceil(-1000 * ln(demo.chance(i, 13, :seed) + 1e-9))::integer AS minutes) t;
ALTER TABLE demo.city_event ADD PRIMARY KEY (event_id);
CREATE INDEX ON demo.city_event (district_code, event_id);
CREATE INDEX ON demo.city_event (occurred_at, event_id);
CREATE INDEX ON demo.city_event USING gist (geom);

\echo publishing
SELECT citybigdata.publish('demo.street_light', '{"code": "street-lights", "title": "Street lights", "titleZh": "路灯", "descriptionZh": "全市路灯的类型、功率、状态和位置",
    "industry": "lighting", "owner": "城市照明管理中心", "updateCycle": "daily",
    "timeColumn": "installed_at", "fields": {"light_id": {"titleZh": "路灯标识"}, "lamp_type": {"codeTable": "lamp-type", "titleZh": "灯型"}, "state": {"codeTable": "lamp-state", "titleZh": "状态"}, "power_watt": {"unit": "W"},
    "keeper_phone": {"level": 2, "mask": "phone"}, "lamp_code": {"titleZh": "灯杆编号"}, "street_name": {"titleZh": "道路名称"}, "installed_at": {"titleZh": "安装时间"}, "district_code": {"titleZh": "区代码"}, "geom": {"titleZh": "位置"}},
    "parameters": [{"name": "minPower", "column": "power_watt", "operator": "ge", "title": "Least power in watts", "titleZh": "最小功率"}]}'),
    citybigdata.publish('demo.division', '{"code": "demo-divisions", "title": "Districts and streets", "titleZh": "区县与街道", "descriptionZh": "区县及其边界、街道和乡镇",
    "layer": "base", "source": "government", "owner": "民政部门", "updateCycle": "yearly", "fields": {"division_code": {"titleZh": "行政区划代码"}, "name": {"titleZh": "名称"},
    "level": {"titleZh": "层级"}, "parent_code": {"titleZh": "上级行政区划代码"}, "geom": {"titleZh": "边界"}}}'),
    citybigdata.publish('demo.city_event', '{"code": "city-events", "title": "Events of the city", "titleZh": "城市管理事件", "descriptionZh": "城市管理事件及其处置用时",
    "layer": "theme", "timeColumn": "occurred_at", "updateCycle": "hourly",
    "fields": {"event_id": {"titleZh": "事件标识"}, "event_type": {"codeTable": "city-event-type", "titleZh": "事件类型"}, "district_code": {"titleZh": "区代码"},
    "occurred_at": {"titleZh": "发生时间"}, "closed_at": {"titleZh": "结案时间"}, "minutes": {"unit": "min", "titleZh": "处置用时"}, "geom": {"titleZh": "位置"}}}') \gset ignored
SELECT citybigdata.define_dataset('street-lights', 'demo.street_light', '{"title": "Street lights", "titleZh": "路灯", "layer": "industry", "industry": "lighting", "source": "own", "rules": [
    {"column": "lamp_code", "rule": "halfWidth"}, {"column": "lamp_code", "rule": "trim"}, {"column": "lamp_code", "rule": "required"}, {"column": "keeper_phone", "rule": "phone"},
    {"column": "lamp_type", "rule": "codeMap", "map": {"钠灯": "HPS", "金卤灯": "MH"}, "others": "keep"}, {"column": "lamp_type", "rule": "codeTable", "table": "lamp-type"},
    {"column": "power_watt", "rule": "range", "min": 1, "max": 2000}, {"column": "district_code", "rule": "division"}, {"column": "installed_at", "rule": "time"},
    {"column": "state", "rule": "default", "value": 0}, {"column": "geom", "rule": "point", "x": "lng", "y": "lat", "crs": "GCJ02"}]}'),
    citybigdata.define_dataset('divisions', 'demo.division', '{"titleZh": "区县与街道", "layer": "base", "source": "government"}'),
    citybigdata.define_dataset('city-events', 'demo.city_event', '{"titleZh": "城市管理事件", "layer": "theme", "source": "own"}') \gset ignored
RESET ROLE;
INSERT INTO citybigdata.app_grant AS g (app_id, resource, level, granted_by)
SELECT a.app_id, r.code, a.level, 'demo' FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = a.account_id,
    unnest(ARRAY['street-lights', 'demo-divisions', 'city-events']) AS r (code)
WHERE c.user_name = 'demo' ON CONFLICT (app_id, resource) DO UPDATE SET state = 'active', level = excluded.level;
COMMIT;
\echo statistics
VACUUM ANALYZE demo.street_light, demo.city_event, demo.division;
SELECT format('%s street lights, %s events, %s divisions; checksum %s', (SELECT count(*) FROM demo.street_light), (SELECT count(*) FROM demo.city_event), (SELECT count(*) FROM demo.division),
    (SELECT md5(string_agg(hashtextextended(l::text, 0)::text, '' ORDER BY light_id)) FROM demo.street_light l WHERE light_id <= 1000)) AS made \gset
\echo :made
