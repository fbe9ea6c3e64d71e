-- The look-ups of the organisation: who answers for a type in a division, who is below whom, what a post reaches.
\set SHOW_CONTEXT never
SET search_path = citybigdata, public;
BEGIN;
INSERT INTO unit (unit_code, name, parent_code, divisions, event_types, state) VALUES
    ('city', '市城管中心', NULL, '{}', '{}', 'active'), ('east', '东城区', 'city', '{110101}', '{}', 'active'), ('light', '照明', 'city', '{}', '{6}', 'active'),
    ('light-east', '东城照明所', 'light', '{}', '{}', 'active'), ('light-team', '照明一班', 'light-east', '{}', '{}', 'active'), ('drain', '排水', 'city', '{}', '{}', 'active'),
    ('gone', '撤销的单位', 'city', '{}', '{}', 'closed');
INSERT INTO responsibility (event_type_code, division_code, unit_code) VALUES
    ('', '110000', 'city'), ('7', '', 'drain'), ('602', '110101', 'light-east'), ('60201', '110101001', 'gone'), ('70', '110100', 'light');
SELECT left(v.type, 12) AS type, v.division, responsible_unit(v.type, v.division), responsible_unit(v.type, v.division) IS NOT DISTINCT FROM v.expected AS right
FROM (VALUES ('60201', '110101', 'light-east'), ('60201', '110101001', 'light-east'), ('60201', '110102', 'light'), ('60201', '120101', 'light'), ('601', '110101', 'light'),
    ('9', '110101', 'east'), ('9', '110101001', 'east'), ('9', '110102', 'city'), ('9', '120101', NULL), ('70201', '110102', 'light'), ('70201', '110201', 'drain'), ('70201', NULL, 'drain'),
    (NULL, '110101', 'east'), ('', '', NULL), (NULL, NULL, NULL), ('井盖', '110101009001', 'east'), (repeat('6', 200), '110101', 'light'), ('6', 'no digits', 'light')) v(type, division, expected);
SELECT unit_answers('light-east', '60201', '110101') AS responsible, unit_answers('light-team', '60201', '110101') AS below_it, unit_answers('light', '60201', '110101') AS by_its_list,
       unit_answers('drain', '60201', '110101') AS other, unit_answers('gone', '60201', '110101001') AS closed, unit_answers('nobody', '60201', '110101') AS unknown, unit_answers(NULL, '6', NULL) AS none;
SELECT unit_within('light-team', 'light') AS two_below, unit_within('light', 'light') AS itself, unit_within('light', 'light-team') AS above, unit_within('light', 'drain') AS beside,
       unit_within('nobody', 'nobody') AS unknown, unit_within(NULL, 'light') AS none;
SELECT post_covers(NULL, NULL, NULL, NULL) AS everywhere, post_covers('light', NULL, 'light-team', '110101') AS below, post_covers('light', NULL, NULL, '110101') AS no_unit_yet,
       post_covers(NULL, '110000', 'drain', '110101001') AS division, post_covers(NULL, '110102', 'drain', '110101') AS other_division, post_covers(NULL, '110101', 'drain', NULL) AS no_division,
       post_covers('light', '110101', 'light', '110101001001') AS both, post_covers('drain', '110101', 'light', '110101') AS other_unit;
-- a change is seen at once, and a circle made by hand ends nothing
UPDATE unit SET state = 'active' WHERE unit_code = 'gone';
SELECT responsible_unit('60201', '110101001') AS open_again;
UPDATE unit SET parent_code = 'light-team' WHERE unit_code = 'light';
SELECT unit_within('light-team', 'city') AS circle, unit_within('light', 'light-team') AS in_it;
ROLLBACK;
SELECT responsible_unit('60201', '110101') AS empty;
-- responsibilities are found by their key, however few there were when the plan was made
SET enable_seqscan = off;
EXPLAIN (COSTS off) SELECT unit_code FROM responsibility WHERE event_type_code = ANY ('{60201,602,6,""}') AND division_code = ANY ('{110101,110000,""}');
