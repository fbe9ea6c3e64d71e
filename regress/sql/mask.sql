-- Masking of personal data, level by level.
SELECT v, citybigdata.mask_phone(v) FROM unnest(ARRAY['13812345678', '+8613812345678', '+86 138-1234-5678', '010-88886666',
    '(0531)88886666', '88886666', '12345', '110', '', '13812345678,13912345678', '13812345678 13912345678', '１３８１２３４５６７８',
    '张三13812345678']) v;
SELECT v, citybigdata.mask_name(v) FROM unnest(ARRAY['张三', '张三丰', '欧阳修', '东方', '张', 'John Smith', 'O''Brien', '阿凡提·买买提',
    '𠮷野家', '']) v;
SELECT v, citybigdata.mask_address(v) FROM unnest(ARRAY['北京市东城区南池子大街1号', '河北省沧州市献县城关镇', '义乌市稠城街道', '内蒙古自治区鄂尔多斯市准格尔旗薛家湾镇',
    '市民广场', '幸福小区3号楼', '科技园区北路', 'No. 1 Chang''an Avenue', '门', '']) v;
SELECT v, citybigdata.mask_id_number(v) FROM unnest(ARRAY['110101199003074578', '110101900307457', '11010119900307457X', 'E12345678', '1234', '']) v;
SELECT f, l, citybigdata.mask_keep('城市管理大数据', f, l) FROM (VALUES (2, 2), (0, 0), (-1, 3), (7, 0), (3, 4), (2147483647, 2147483647), (6, 0)) t(f, l);
SELECT citybigdata.mask_phone(NULL) IS NULL AS null_stays;
SELECT kind, field, caller, citybigdata.mask_value('13812345678', kind, field, caller)
FROM (VALUES ('phone', 3, 3), ('phone', 3, 2), ('all', 2, 1), ('phone', 1, 1), ('phone', 4, 4), ('name', 2, 1)) t(kind, field, caller);
SELECT citybigdata.mask_value('x', 'phone', 5, 1);
SELECT citybigdata.mask_value('x', 'phone', 1, 0);
SELECT citybigdata.mask_value('x', 'telephone', 1, 1);
-- as many characters as before, never more bytes, and the value itself never comes out unless there is nothing to hide
SELECT bool_and(length(m) = length(v) AND octet_length(m) <= octet_length(v)) AS same_length,
       bool_and(m <> v) AS nothing_whole
FROM (VALUES ('13812345678'), ('12345678'), ('1'), ('张三'), ('张'), ('abc def'), ('北京市东城区南池子大街1号'), ('东城')) t(v),
     LATERAL (VALUES (citybigdata.mask_phone(v)), (citybigdata.mask_name(v)), (citybigdata.mask_id_number(v)), (citybigdata.mask_keep(v, 2, 3))) f(m);
