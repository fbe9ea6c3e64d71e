-- Code tables that ship. Dictionaries of the site (event-src, rec-type, event-level, event-type) ship empty; sites add industries of
-- their own with load_code_table(). Shipped rows are replaced as a whole by each version; a row of the site with the same key stays.
DELETE FROM citybigdata.code_table WHERE shipped;
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('event-state', 'State of an event', '案件状态', '1', true),
('event-src', 'Source of an event (eventSrcID)', '问题来源', NULL, true),
('rec-type', 'Record type (recTypeID)', '事项类型', NULL, true),
('event-level', 'Level of an event (eventLevelID)', '问题级别', NULL, true),
('event-type', 'Classes of events (eventTypeCode, mainTypeCode, subTypeCode)', '问题类型', NULL, true),
('media-type', 'Type of a medium (mediaType)', '多媒体类型', '1', true),
('media-usage', 'Usage of a medium (mediaUsage)', '多媒体用途', '1', true),
('industry', 'Industries of urban infrastructure', '行业', '1', true),
('data-layer', 'Layers of the data', '数据层次', '1', true)
ON CONFLICT ON CONSTRAINT code_table_pkey DO NOTHING;
DELETE FROM citybigdata.code_table_row WHERE shipped;
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('event-state', '1', '待受理', 1, true), ('event-state', '3', '立案派遣', 3, true), ('event-state', '4', '处理中', 4, true),
('event-state', '5', '核查结案', 5, true), ('event-state', '6', '结案', 6, true), ('event-state', '7', '作废', 7, true),
('event-state', '8', '挂账', 8, true), ('event-state', '9', '督查', 9, true),
('media-type', 'IMAGE', '图片', 1, true), ('media-type', 'VIDEO', '视频', 2, true),
('media-type', 'VOICE', '语音', 3, true), ('media-type', 'ATTACH', '附件', 4, true),
('media-usage', '上报', '上报时采集', 1, true), ('media-usage', '核查', '核查时采集', 2, true),
('media-usage', '核实', '核实时采集', 3, true), ('media-usage', '处置', '处置时采集', 4, true),
('industry', 'power', '电力', 1, true), ('industry', 'gas', '燃气', 2, true), ('industry', 'heat', '供热', 3, true), ('industry', 'grid', '网格', 4, true),
('industry', 'lighting', '照明', 5, true), ('industry', 'water', '供水', 6, true), ('industry', 'drainage', '排水', 7, true), ('industry', 'roads', '道路桥梁', 8, true),
('industry', 'waste', '环境卫生', 9, true), ('industry', 'greening', '园林绿化', 10, true), ('industry', 'pipe-gallery', '综合管廊', 11, true),
('industry', 'parking', '停车', 12, true), ('industry', 'signage', '户外广告与标识', 13, true),
('data-layer', 'theme', '专项数据', 1, true), ('data-layer', 'industry', '行业数据', 2, true), ('data-layer', 'base', '基础数据', 3, true)
ON CONFLICT ON CONSTRAINT code_table_row_pkey DO NOTHING;
