-- Code tables (clause 5.4.4-c): what a coded field may hold. An empty table accepts every value.
CREATE TABLE citybigdata.code_table (
    name     text    NOT NULL CONSTRAINT code_table_pkey PRIMARY KEY,
    title    text    NOT NULL,
    title_zh text    NOT NULL,
    version  text,
    shipped  boolean NOT NULL DEFAULT false,
    CONSTRAINT code_table_name_check CHECK (name OPERATOR(pg_catalog.~) '^[a-z][a-z0-9-]{0,62}$')
);
COMMENT ON TABLE citybigdata.code_table IS 'Code tables 代码表 (clause 5.4.4-c); load_code_table() fills or replaces one';
COMMENT ON COLUMN citybigdata.code_table.name IS 'Name in addresses, for example event-state';
COMMENT ON COLUMN citybigdata.code_table.title IS 'English title';
COMMENT ON COLUMN citybigdata.code_table.title_zh IS 'Chinese title';
COMMENT ON COLUMN citybigdata.code_table.version IS 'Edition of the codes';
COMMENT ON COLUMN citybigdata.code_table.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';

CREATE TABLE citybigdata.code_table_row (
    table_name  text    NOT NULL,
    code        text    NOT NULL,
    name        text    NOT NULL,
    parent_code text,
    sort        integer NOT NULL DEFAULT 0,
    shipped     boolean NOT NULL DEFAULT false,
    CONSTRAINT code_table_row_pkey PRIMARY KEY (table_name, code),
    CONSTRAINT code_table_row_code_check CHECK (pg_catalog.length(code) BETWEEN 1 AND 63)
);
COMMENT ON TABLE citybigdata.code_table_row IS 'The codes of the code tables';
COMMENT ON COLUMN citybigdata.code_table_row.table_name IS 'Code table';
COMMENT ON COLUMN citybigdata.code_table_row.code IS 'Code, as text';
COMMENT ON COLUMN citybigdata.code_table_row.name IS 'What the code means';
COMMENT ON COLUMN citybigdata.code_table_row.parent_code IS 'Code of the class above, where the table has classes';
COMMENT ON COLUMN citybigdata.code_table_row.sort IS 'Order in lists, then by code';
COMMENT ON COLUMN citybigdata.code_table_row.shipped IS 'The row came with CREATE EXTENSION; pg_dump leaves it out';

-- Dictionaries of the site (event-src, rec-type, event-level, event-type) ship empty.
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('event-state', 'State of an event', '案件状态', '1', true),
('event-src', 'Source of an event (eventSrcID)', '问题来源', NULL, true),
('rec-type', 'Record type (recTypeID)', '案件类型', NULL, true),
('event-level', 'Level of an event (eventLevelID)', '案件级别', NULL, true),
('event-type', 'Classes of events (eventTypeCode, mainTypeCode, subTypeCode)', '问题类型', NULL, true),
('media-type', 'Type of a medium (mediaType)', '媒体类型', '1', true),
('media-usage', 'Usage of a medium (mediaUsage)', '媒体用途', '1', true);
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('event-state', '1', '待受理', 1, true), ('event-state', '3', '立案派遣', 3, true), ('event-state', '4', '处理中', 4, true),
('event-state', '5', '核查结案', 5, true), ('event-state', '6', '结案', 6, true), ('event-state', '7', '作废', 7, true),
('event-state', '8', '挂账', 8, true), ('event-state', '9', '督查', 9, true),
('media-type', 'IMAGE', '图片', 1, true), ('media-type', 'VIDEO', '视频', 2, true),
('media-type', 'VOICE', '语音', 3, true), ('media-type', 'ATTACH', '附件', 4, true),
('media-usage', '上报', '上报时采集', 1, true), ('media-usage', '核查', '核查时采集', 2, true),
('media-usage', '核实', '核实时采集', 3, true), ('media-usage', '处置', '处置时采集', 4, true);
