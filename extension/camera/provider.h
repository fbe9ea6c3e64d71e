/*
 * Providers of cameras, as administrators keep them.
 *
 *   POST /admin/camera-providers   provider_rest.c --> provider.c: checked, stored; what is absent stays
 *   save_camera_provider()         provider_sql.c  --> the same
 */
#ifndef CBD_CAMERA_PROVIDER_H
#define CBD_CAMERA_PROVIDER_H

#include "postgres.h"

#include "core/error_list.h"

/* What is to be stored; NULL: absent. The secret is cleared by whoever has made the form. */
typedef struct ProviderForm
{
	const char *provider, *title, *kind, *state;
	char *secret;
	const char *rtsp_url, *rtmp_url, *hls_url, *ws_url;
	char **networks;
	int network_count;
	const char *transcoders;
	const char *url, *app_key, *version, *query;
	char **unknown_codes, **offline_codes;
	int unknown_count, offline_count;
} ProviderForm;

/* Checks and stores; adds every error, and then stores nothing. */
extern void SaveProvider(ErrorList *errors, const ProviderForm *form);

#endif
