-- Application codes: platform code, 8 digits, ISO 7064 MOD 37,36.
SELECT * FROM citybigdata.app_code_parts('11000000000001R');
SELECT citybigdata.app_code_parts('11000000000001S');
SELECT citybigdata.app_code_parts('11000000000010R'); -- neighbours swapped
SELECT citybigdata.app_code_parts('');
SELECT citybigdata.app_code_parts('A12425GABC1234002M'); -- a valid check character, but no serial
SELECT citybigdata.app_code_parts(repeat('1', 1000000));
