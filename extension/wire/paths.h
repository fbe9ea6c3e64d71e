/* Paths that both programs write or know. */
#ifndef CBD_PATHS_H
#define CBD_PATHS_H

/* Where the interface begins. */
#define API_PATH "/api/v1"

/* Sealed addresses and media: the rest of the path is a token that opens something, and goes into no log. */
#define SEALED_PATH API_PATH "/s/"
#define MEDIA_PATH  API_PATH "/media/"

/* OGC API Features; the same behind a sealed base, whose next segment is such a token. */
#define OGC_PATH        "/ogc"
#define OGC_SEALED_PATH OGC_PATH "/s/"

/* Where a reply says that its codes are explained. */
#define CODE_TABLES_PATH API_PATH "/code-tables"
#define DIVISION_PATH    API_PATH "/divisions/{code}"

#endif
