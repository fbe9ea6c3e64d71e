/*
 * A request's way from complete to decided: parameters are bound, a job is sent and its frame taken, or the
 * bridge decides itself.
 *
 *   RequestRun ── bound ──▶ RequestAsk ──▶ job ──▶ the kind takes the frame ──▶ RequestFinish
 *                  │           └ first rest_login_reserve, where a password is to be checked
 *                  ├ refused ──▶ RequestSpendCode, where it brought one ──────▶ RequestFinish
 *                  └ local ──────────────────────────────────────────────────▶ RequestFinish
 */
#ifndef BRIDGE_RUN_H
#define BRIDGE_RUN_H

#include "request/request.h"

/* The request is complete: binds parameters and either decides the outcome or sends a job and suspends. */
extern void RequestRun(Request *request);

/* Sends the bound request to the database; the outcome is decided where that cannot be. */
extern void RequestAsk(Request *request);

/*
 * Asks whether the rest of a large body may come (request/upload.h), for that caller, and suspends until it
 * is known: phase BODY again with body.allowed, or the outcome is decided.
 */
extern void RequestCheckUpload(Request *request, const Caller *caller);

/* A code that the refused request brought is spent (request/refused.h): true when that is under way; the
 * reply need not wait for it. */
extern bool RequestSpendCode(Request *request);

/* The outcome is decided: that status, unless it was refused before. A suspended connection goes on. */
extern void RequestFinish(Request *request, int status);

/* The job's statement and values: call context, then the route's parameters in order. */
extern void RequestFillJob(Request *request);

/* Another system was asked: the function of Route.more gets the route's first parameter and what came of it,
 * which is in the request's memory; the caller is what the request has as one. The outcome is decided where
 * that cannot be. */
extern void RequestContinue(Request *request, Span outcome);

/* Nobody waits for its job any more. True: it had not been sent, and nothing was done. */
extern bool RequestAbandon(Request *request);

/* A suspended connection goes on; false: it was not suspended. */
extern bool RequestResume(Request *request);

/* While it waits: its deadline has passed, its client has closed the connection, the program ends. */
extern void RequestTimeout(Request *request);
extern void RequestClientLeft(Request *request);
extern void RequestStop(Request *request);

#endif
