/* The log-in and consent page and the error page of OAuth 2.0 (kind_page); form_token.h protects the form. */
#ifndef BRIDGE_OAUTH_PAGE_H
#define BRIDGE_OAUTH_PAGE_H

/* Templates and words; before the first worker. */
extern void OauthPagesStart(void);
extern void OauthPagesStop(void);

#endif
