-- Rows of a site that every version of the library can write: a code table, a code, a division, a year of a calendar, a line of the audit log.
SELECT citybigdata.load_code_table('site-colour', '[{"code": "1", "name": "红"}, {"code": "2", "name": "绿"}]');
INSERT INTO citybigdata.code_table_row (table_name, code, name) VALUES ('event-src', '77', '巡查员');
INSERT INTO citybigdata.division (code, name, parent_code, level) VALUES ('110101999', '示范街道', '110101', 4);
SELECT citybigdata.load_calendar('{"years": [2027], "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"}]}');
INSERT INTO citybigdata.audit_log (at, action, object, status_code, session_role) VALUES (clock_timestamp(), 'site.note', 'x', 0, 'site');
