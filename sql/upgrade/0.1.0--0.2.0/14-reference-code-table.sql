-- English names of codes.
ALTER TABLE citybigdata.code_table_row ADD COLUMN name_en text;
