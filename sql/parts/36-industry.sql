-- Code tables of the data layer; sites add their own industries with load_code_table().
INSERT INTO citybigdata.code_table (name, title, title_zh, version, shipped) VALUES
('industry', 'Industries of urban infrastructure', '行业', '1', true),
('data-layer', 'Layers of the data', '数据层次', '1', true);
INSERT INTO citybigdata.code_table_row (table_name, code, name, sort, shipped) VALUES
('industry', 'power', '电力', 1, true), ('industry', 'gas', '燃气', 2, true), ('industry', 'heat', '供热', 3, true), ('industry', 'grid', '网格', 4, true),
('industry', 'lighting', '照明', 5, true), ('industry', 'water', '供水', 6, true), ('industry', 'drainage', '排水', 7, true), ('industry', 'roads', '道路桥梁', 8, true),
('industry', 'waste', '环境卫生', 9, true), ('industry', 'greening', '园林绿化', 10, true), ('industry', 'pipe-gallery', '综合管廊', 11, true),
('industry', 'parking', '停车', 12, true), ('industry', 'signage', '户外广告与标识', 13, true),
('data-layer', 'theme', '专项数据', 1, true), ('data-layer', 'industry', '行业数据', 2, true), ('data-layer', 'base', '基础数据', 3, true);
