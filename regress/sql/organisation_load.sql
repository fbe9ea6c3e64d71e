-- Saving and loading the organisation: every error at once, nothing half-loaded, and the same again changes nothing.
\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
SET timezone = 'Asia/Shanghai';
SET datestyle = 'ISO';
SET citybigdata.bcrypt_cost = 4;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE statement;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, nullif(detail, ''));
END
$$;
BEGIN;
SELECT load_code_table('event-type', '[{"code":"6","name":"类别 6"},{"code":"602","name":"大类","parent":"6"},{"code":"7","name":"类别 7"}]', 'test') AS types;
SELECT register_account(n, 'Correct-1-horse', '示范单位', '张三', '13800138000') > 0 AS registered FROM unnest(ARRAY['org.desk', 'org.hand', 'org.boss', 'org.wait', 'org.gone']) n;
UPDATE account SET state = 'active' WHERE user_name LIKE 'org.%' AND user_name <> 'org.wait';
UPDATE account SET admin_role = 'sysadmin' WHERE user_name = 'org.boss';
UPDATE account SET state = 'suspended' WHERE user_name = 'org.gone';

-- units
SELECT load_units(E'\uFEFFunit,name,parent,divisions,types,contact,telephone,calendar,state\r\n'
    'city,市城管中心,,,,王主任,010-65120000,,\r\n'
    'light,"照明""所""",city,110101；110102,6 7,"李四,副所长",,default,active\r\n\r\n'
    'drain,排水,city,,,,,,') AS loaded;
SELECT unit_code, name, parent_code, divisions, event_types, contact, telephone, calendar, state FROM unit ORDER BY 1;
SELECT load_units(E'unit,name,parent,divisions,types,contact,telephone,calendar,state\ncity,市城管中心,,,,王主任,010-65120000,,') AS unchanged, load_units(E'单位代码\t单位名称\nlight\t照明所') AS renamed,
       (SELECT divisions FROM unit WHERE unit_code = 'light') AS others_stay;
SELECT pg_temp.refusal($t$SELECT load_units(E'unit,name,parent,divisions,types,telephone,calendar,state,colour\nx,y,,,,,,,')$t$);
SELECT pg_temp.refusal($t$SELECT load_units(E'unit,name,parent,divisions,types,telephone,calendar,state\n-bad,,nobody,999999;110101,8,call me,none,open\nlight,=cmd|calc,,,,,,\nlight,"line\nbreak",,,,,,\n\nshort,row\nlong,row,,,,,,,more\nempty,行,,,,,,\n,没有代码,,,,,,')$t$);
SELECT pg_temp.refusal($t$SELECT load_units(E'unit,name\nx,"open')$t$);
SELECT pg_temp.refusal($t$SELECT load_units(E'unit,name\nx,"a"b')$t$);
SELECT pg_temp.refusal($t$SELECT load_units('')$t$) AS empty, pg_temp.refusal($t$SELECT load_units(E'name\nx')$t$) AS no_key, pg_temp.refusal($t$SELECT load_units('unit,name,unit')$t$) AS twice;
SELECT count(*) AS still FROM unit;
SELECT pg_temp.refusal($t$SELECT load_units(E'unit,name,parent\ncity,市,light\na,甲,b\nb,乙,a\nself,己,self')$t$);
SELECT pg_temp.refusal($t$SELECT save_unit('city', '市', 'drain')$t$) AS circle, pg_temp.refusal($t$SELECT save_unit('new', NULL)$t$) AS one_error;
SELECT save_unit('night', '夜班', 'light', types => '{602}', state => 'closed');
SELECT pg_temp.refusal($t$SELECT remove_unit('city')$t$) AS used, pg_temp.refusal($t$SELECT remove_unit('nobody')$t$) AS unknown;
SELECT load_units(E'unit,name,remove\nnight,,是\ndrain,排水所,否') AS removed_and_renamed, (SELECT count(*) FROM unit) AS units;

-- responsibilities
SELECT save_responsibility('6', '110101', 'light'), save_responsibility(NULL, NULL, 'city');
SELECT load_responsibilities(E'type,division,unit\n7,,drain\n602,110102,light\n6,110101,light') AS loaded, responsible_unit('602', '110101') AS light, responsible_unit('701', '110101') AS drain, responsible_unit('9', NULL) AS city;
SELECT pg_temp.refusal($t$SELECT load_responsibilities(E'type;division;unit\n8;110101;light\n6;999999;nobody\n6;;\n6;;light')$t$);
SELECT pg_temp.refusal($t$SELECT remove_unit('light')$t$) AS named, pg_temp.refusal($t$SELECT remove_responsibility('602', '110101')$t$) AS unknown;
SELECT remove_responsibility('602', '110102'), (SELECT count(*) FROM responsibility) AS left;

-- posts
SELECT save_post('org.desk', 'desk') AS desk_post \gset
SELECT save_post('ORG.hand', 'handler', 'light', '110101', now() - interval '1 day', '2099-12-31') AS hand_post \gset
SELECT :desk_post = save_post('org.desk', 'desk') AS the_same, load_posts(E'account,role,unit,division\norg.desk,desk,,\norg.hand,handler,light,110101\norg.hand,inspector,,110102') AS one_new;
SELECT a.user_name, p.role, p.unit_code, p.division_code, p.valid_until IS NOT NULL AS ends, p.given_by = 'role:' || session_user AS by_me FROM post p JOIN account a USING (account_id) ORDER BY p.post_id;
SELECT pg_temp.refusal($t$SELECT load_posts(E'account,role,unit,division,from,to,delegate,delegateFrom,delegateTo\nnobody,king,nobody,999999,yesterday,2020,nobody,x,y\norg.wait,handler,,,,,,,\norg.boss,desk,,,,,org.boss,,20990101000000\norg.gone,desk,,,20990101000000,20980101000000,org.hand,,\norg.desk,desk,,,,,org.desk,,20990101000000\norg.hand,desk,,,,20000101000000,,20990101000000,')$t$);
SELECT pg_temp.refusal(format('SELECT end_post(%s)', 0)) AS unknown, pg_temp.refusal($t$SELECT save_post(session_user::text, 'desk')$t$) LIKE '%account: 40309%' AS oneself;
-- one account does not hold both
SELECT pg_temp.refusal($t$SELECT save_post('org.boss', 'leader')$t$) AS administrator, pg_temp.refusal($t$SELECT set_admin_role('org.hand', 'auditor')$t$) AS holder,
       pg_temp.refusal($t$UPDATE account SET admin_role = 'auditor' WHERE user_name = 'org.hand'$t$) AS by_hand;
-- delegation: the delegate acts, the holder does not
SELECT account_id AS desk FROM account WHERE user_name = 'org.desk' \gset
SELECT account_id AS hand FROM account WHERE user_name = 'org.hand' \gset
SELECT count(*) AS before FROM post_in_force WHERE role = 'desk' AND account_id = :desk;
SELECT delegate_post(:desk_post, 'org.hand', now() - interval '1 hour', '2099-01-01');
SELECT account_id = :hand AS delegate_acts, holder_id = :desk AS holder FROM post_in_force WHERE role = 'desk';
SELECT pg_temp.refusal($t$SELECT set_admin_role('org.desk', 'auditor')$t$) AS holder, pg_temp.refusal(format('SELECT delegate_post(%s, %L)', :desk_post, 'org.hand')) AS without_end;
SELECT delegate_post(:desk_post, NULL);
SELECT account_id = :desk AS holder_again FROM post_in_force WHERE role = 'desk';
-- a suspended account's posts count no more
UPDATE account SET state = 'suspended' WHERE user_name = 'org.desk';
SELECT count(*) AS suspended FROM post_in_force WHERE role = 'desk';
UPDATE account SET state = 'active' WHERE user_name = 'org.desk';
-- ended, and then free to be an administrator; one that has not begun is gone
SELECT save_post('org.desk', 'filer', "from" => '2099-01-01') AS later_post \gset
SELECT end_post(:later_post), (SELECT count(*) FROM post WHERE role = 'filer') AS not_begun;
UPDATE post SET valid_from = valid_from - interval '1 minute' WHERE post_id = :desk_post;
SELECT end_post(:desk_post);
SELECT pg_temp.refusal(format('SELECT end_post(%s)', :desk_post)) AS ended, pg_temp.refusal($t$SELECT set_admin_role('org.desk', 'auditor')$t$) AS free;
SELECT pg_temp.refusal(format('SELECT load_posts(E''postId,account,role\n%s,org.hand,desk'')', :hand_post)) AS keeps_its_role;

-- grids
SELECT load_grids('{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"grid":"g1","name":"东华门一","division":"110101","inspector":"org.hand","unit":"light","colour":"red"},"geometry":{"type":"Polygon","coordinates":[[[116.40,39.91],[116.41,39.91],[116.41,39.92],[116.40,39.92],[116.40,39.91]]]}},
    {"type":"Feature","properties":{"grid":"g2","name":"东华门"},"geometry":{"type":"MultiPolygon","coordinates":[[[[116.39,39.90],[116.42,39.90],[116.42,39.93],[116.39,39.93],[116.39,39.90]]]]}}]}') AS loaded;
SELECT grid_code, name, division_code, unit_code, ST_AsText(geom) FROM duty_grid ORDER BY 1;
SELECT duty_grid_at(ST_SetSRID(ST_Point(116.405, 39.915), 4490)) AS smallest, duty_grid_at(ST_SetSRID(ST_Point(116.395, 39.915), 4490)) AS other, duty_grid_at(ST_SetSRID(ST_Point(110, 30), 4490)) AS nowhere;
SELECT save_grid('g1', '东华门一网格', 'POLYGON((116.40 39.91,116.41 39.91,116.41 39.92,116.40 39.91))', '110101'), (SELECT unit_code IS NULL FROM duty_grid WHERE grid_code = 'g1') AS replaced;
SELECT pg_temp.refusal($t$SELECT load_grids('{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"grid":"g3","name":"点","inspector":"org.boss","unit":"nobody","division":"1"},"geometry":{"type":"Point","coordinates":[116.4,39.9]}},
    {"type":"Feature","properties":{"grid":"g4","name":"轴"},"geometry":{"type":"Polygon","coordinates":[[[39.9,116.4],[39.9,116.5],[40.0,116.5],[39.9,116.4]]]}},
    {"type":"Feature","properties":{"grid":"g5","name":"平面"},"geometry":{"type":"Polygon","coordinates":[[[500000,4400000],[500100,4400000],[500100,4400100],[500000,4400000]]]}},
    {"type":"Feature","properties":{"grid":"g6","name":"蝴蝶结"},"geometry":{"type":"Polygon","coordinates":[[[116.4,39.9],[116.5,40.0],[116.5,39.9],[116.4,40.0],[116.4,39.9]]]}},
    {"type":"Feature","properties":{"grid":"g7","name":"无"},"geometry":null},
    {"type":"Feature","properties":{"name":"没有代码"},"geometry":{"type":"Polygon","coordinates":"here"}},
    {"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[]}}]}')$t$);
SELECT pg_temp.refusal($t$SELECT load_grids('[]')$t$) AS no_collection, pg_temp.refusal($t$SELECT save_grid('g8', '坏', 'POLYGON((1')$t$) AS no_geometry, pg_temp.refusal($t$SELECT remove_grid('g9')$t$) AS unknown;
SELECT remove_grid('g1'), (SELECT count(*) FROM duty_grid) AS left;
-- every change has its audit row
SELECT action, object, detail FROM audit_log WHERE action ~ '^(unit|post|grid|responsibility)\.' AND audit_id > (SELECT max(audit_id) - 40 FROM audit_log) ORDER BY audit_id;
ROLLBACK;
-- the names of the roles in both languages
SELECT code, name, name_en FROM code_table_row WHERE table_name = 'case-role' ORDER BY sort;
SELECT array_agg(code ORDER BY sort) = case_roles() AS all_roles FROM code_table_row WHERE table_name = 'case-role';
-- CSV as it is written in the field
SELECT * FROM csv_rows(E'a;b\r"1""";2\r\n\n;\n"x\r\ny";z');
SELECT * FROM csv_rows(E'a\tb,c\n1\t"2"');
SELECT * FROM csv_rows('');
-- times as a bureau writes them: a time, or a day whose end is meant by an end
SELECT v, organisation_time(v) AS "from", organisation_time(v, true) AS "until" FROM unnest(ARRAY['20260101080000', '1767225600', '2026-01-01 08:00', '2026-01-01T00:00:00Z', '20260101', '2026-1-1', '2026/01/01',
    '2020', '20260230', '20260101250000', '2026-02-30 08:00', '13767225600', '-5', 'now']) v;
