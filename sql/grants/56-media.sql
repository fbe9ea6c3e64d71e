-- An address of a medium is access without further credentials: the security administrator's, as for sealed addresses.
GRANT EXECUTE ON FUNCTION citybigdata.media_url(text, integer, integer, interval, cidr) TO citybigdata_secadmin;
