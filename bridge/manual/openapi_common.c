/* Schemas that every reply shares, and the ways of authorisation. */
#include <string.h>

#include "manual/openapi.h"
#include "kind/kinds.h"
#include "wire/paths.h"

/* How a route is called: alternatives, each a set of what goes together. */
json_t *
SecurityOf(const Route *route)
{
	static const char *const oauth_client[] = {"/oauth/token", "/oauth/revoke", "/oauth/introspect"};
	json_t *security;

	for (size_t i = 0; i < sizeof(oauth_client) / sizeof(oauth_client[0]); i++)
		if (strcmp(route->path, oauth_client[i]) == 0)
			return json_pack("[{s:[]},{}]", "basic"); /* public clients name themselves in the body */
	if (strcmp(route->path, "/metrics") == 0)
		return json_pack("[{s:[]},{}]", "bearer");
	if (route->kind->document)
		return json_pack("[{},{s:[]}]", "bearer");
	if (route->flags & ROUTE_OPEN)
		return json_array();
	if (route->flags & ROUTE_BASIC)
		return json_pack("[{s:[]},{s:[]}]", "basic", "bearer");
	if (route->role != NULL)
		return json_pack("[{s:[]}]", "bearer");
	security = json_pack("[{s:[]},{s:[]},{s:[]},{s:[],s:[],s:[],s:[]}]", "bearer", "oauth2", "authCode",
						 "signatureAppCode", "signatureTimestamp", "signatureNonce", "signature");
	if (route->kind == &kind_vendor)
		json_array_insert_new(security, 0, json_object()); /* by the client's address */
	return security;
}

static json_t *
HeaderScheme(const char *name, const char *text)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "type", "apiKey", "in", "header", "name", name, "description",
					 text);
}

json_t *
SecuritySchemes(Spec *spec, const char *server)
{
	json_t *schemes = json_object();
	json_t *flow =
		json_pack("{s:o,s:o,s:o,s:{}}", "authorizationUrl", json_sprintf("%s/oauth/authorize", server),
				  "tokenUrl", json_sprintf("%s/oauth/token", server), "refreshUrl",
				  json_sprintf("%s/oauth/token", server), "scopes");

	json_object_set_new(
		schemes, "bearer",
		json_pack("{s:s,s:s,s:s}", "type", "http", "scheme", "bearer", "description",
				  Say(spec->language,
					  "Access token of " API_PATH
					  "/auth/token, /oauth/token or, for administrators, " API_PATH "/admin/login",
					  "访问令牌，由 " API_PATH "/auth/token、/oauth/token 取得；管理员由 " API_PATH
					  "/admin/login 取得")));
	json_object_set_new(
		schemes, "oauth2",
		json_pack(
			"{s:s,s:s,s:{s:o}}", "type", "oauth2", "description",
			Say(spec->language,
				"Authorisation code with PKCE (S256). A scope is a resource code; none = everything granted",
				"授权码方式，PKCE（S256）。scope 为资源代码；省略即全部已授权资源"),
			"flows", "authorizationCode", flow));
	json_object_set_new(
		schemes, "basic",
		json_pack("{s:s,s:s,s:s}", "type", "http", "scheme", "basic", "description",
				  Say(spec->language,
					  "User name and password of the account; appCode and key for OAuth clients",
					  "用户名与密码；OAuth 客户端为 appCode 与密钥")));
	json_object_set_new(
		schemes, "authCode",
		json_pack("{s:s,s:s,s:s,s:s}", "type", "apiKey", "in", "query", "name", "authCode", "description",
				  Say(spec->language,
					  "One-time code of " API_PATH "/auth/code with appCode beside it; spent by the request",
					  "由 " API_PATH "/auth/code 取得的一次性授权码，同时给出 appCode；请求后即失效")));
	json_object_set_new(schemes, "signatureAppCode",
						HeaderScheme("X-App-Code", Say(spec->language, "Signed request: the appCode",
													   "签名请求：应用识别码")));
	json_object_set_new(schemes, "signatureTimestamp",
						HeaderScheme("X-Timestamp", Say(spec->language, "Signed request: Unix seconds",
														"签名请求：Unix 秒")));
	json_object_set_new(
		schemes, "signatureNonce",
		HeaderScheme("X-Nonce", Say(spec->language, "Signed request: 8 to 64 characters, used once",
									"签名请求：8 至 64 个字符，只用一次")));
	json_object_set_new(
		schemes, "signature",
		HeaderScheme("X-Signature",
					 Say(spec->language,
						 "Signed request: base64 of the HMAC-SHA256 (or HMAC-SM3, said in "
						 "X-Signature-Method) of method, path, query, body digest, timestamp and nonce",
						 "签名请求：对请求方式、路径、查询、请求体摘要、时间戳、随机串计算的 HMAC-SHA256（或 "
						 "HMAC-SM3，由 X-Signature-Method 说明）的 base64")));
	return schemes;
}

/* The schemas of all chapters. */
json_t *
BaseSchemas(Language language)
{
	json_t *schemas = Worded(json_object_get(CommonMessages(), "schemas"), language), *schema;
	const char *name;

	for (int i = 0; Chapter(i) != NULL; i++)
	{
		json_t *more = Worded(json_object_get(Chapter(i), "schemas"), language);

		json_object_update_missing(schemas, more);
		json_decref(more);
	}
	json_object_foreach(schemas, name, schema) CompleteReply(schema);
	return schemas;
}
