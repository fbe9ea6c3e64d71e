-- Masking. DB11/T 1918 has four data levels; a field and a resource carry one, a grant goes up to one:
--   1  open to society           shown to every authorised caller
--   2  for the departments       shown from level 2 on, masked below
--   3  sensitive, personal data  shown from level 3 on, masked below
--   4  most sensitive            never leaves by the open interface, not even masked
-- Classified data (涉密) has no level here: it must not be stored on this platform at all.
CREATE OR REPLACE FUNCTION citybigdata.mask_phone(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_phone' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_phone(text) IS
'A phone number with the four digits before the last four masked: 138****5678, 010-****6666, +86138****5678. Of 5 to 8 digits the last two stay, of fewer '
'none, of more than 15 the last four; blanks, hyphens, brackets and the marks between several numbers stay, anything else is masked';

CREATE OR REPLACE FUNCTION citybigdata.mask_name(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_name' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_name(text) IS
'A person''s name with the given name masked: 张*, 张**, 欧阳*; of names in several words the first character of each stays: J*** S****. '
'A single character is masked';

CREATE OR REPLACE FUNCTION citybigdata.mask_address(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_address' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_address(text) IS
'An address down to its district (区, 县, 旗, else 市, within the first 15 characters), the rest masked: 北京市东城区*******. '
'Without a district the first third stays, at most six characters';

CREATE OR REPLACE FUNCTION citybigdata.mask_id_number(text) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_id_number' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_id_number(text) IS
'An identity number: first three and last four of 15 and more characters stay (110***********4578), first and last of 5 to 14, none of fewer';

CREATE OR REPLACE FUNCTION citybigdata.mask_keep(value text, first integer, last integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_keep' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_keep(text, integer, integer) IS
'The value with all but its first and last so many characters replaced by *; one of no more than first + last characters is masked entirely';

CREATE OR REPLACE FUNCTION citybigdata.mask_value(value text, kind text, field_level integer, caller_level integer) RETURNS text
    AS 'MODULE_PATHNAME', 'cbd_mask_value' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION citybigdata.mask_value(text, text, integer, integer) IS
'A field''s value as a caller of that data level (1 to 4, DB11/T 1918) gets it: as it is up to the caller''s level, masked above, NULL at level 4 '
'whoever asks. kind: all, phone, name, address, id-number';
