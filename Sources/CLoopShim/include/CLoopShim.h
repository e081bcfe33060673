// What libwebsockets and libev offer as macros, unions or varargs only, as plain functions for Swift.
#pragma once

#include <ev.h>
#include <libwebsockets.h>
#include <stdint.h>

/// Bytes that libwebsockets wants in front of what it writes.
enum { CLOOP_PRE = LWS_PRE };

typedef struct cloop cloop;
typedef void (*cloop_callback)(void *user);

/// What an event loop calls: for a wake-up that any thread may give, for a tick ten times a second, and before each time that it
/// asks the system what there is.
typedef struct {
    cloop_callback on_wake;
    cloop_callback on_tick;
    cloop_callback on_pause;
} cloop_callbacks;

cloop *cloop_new(void *user, cloop_callbacks callbacks);
struct ev_loop *cloop_ev(cloop *loop);
void cloop_run(cloop *loop);
void cloop_wake(cloop *loop);
/// On the loop's thread: makes `cloop_run` return.
void cloop_break(cloop *loop);
void cloop_free(cloop *loop);

/// A context on that loop: libev, UTF-8 checked, no extensions, no HTTP/2; NULL when it can't be made.
struct lws_context *cloop_context(cloop *loop, void *user);

/// A virtual host that does not listen, and is given its sockets.
enum { CLOOP_NO_PORT = CONTEXT_PORT_NO_LISTEN_SERVER };

typedef struct {
    const char *host; // in digits; NULL for all addresses
    int ipv6;         // whether it is one of IPv6, or all of those are meant
    int port;         // 0 for any free one, CLOOP_NO_PORT for none
    // First the one for WebSocket and HTTP, then the one for what is neither.
    const struct lws_protocols *protocols;
    int keepalive_seconds;
    int handshake_seconds;
    const char *certificate; // PEM files; both NULL for plain TCP
    const char *key;
} cloop_listen_options;

// libwebsockets 4.1.6 takes frames without a mask, which RFC 6455 (section 5.1) forbids, and has no call that tells. So the
// octets are looked at on their way in: `recv` is ours, and passes on what the system's gives. TLS does not come this way.

/// Begins to look at what comes in on a socket, from its first octet; what is returned ends it, after the socket was closed: then
/// its number may be that of a socket of another loop already.
struct cloop_reader *cloop_watch(int descriptor);
void cloop_unwatch(int descriptor, struct cloop_reader *reader);
/// The upgrade is done: what follows the head is frames.
void cloop_watch_frames(int descriptor);
/// Whether a frame without a mask has come.
int cloop_saw_unmasked(int descriptor);
/// Whether a ping has come that libwebsockets may not have answered yet: it does so when the line is next free.
int cloop_owes_pong(int descriptor);
void cloop_clear_pong(int descriptor);

// libwebsockets answers pings without a word to us, so those are counted on their way in, too.

/// How often a socket has brought more pings in a second than there is a reason for.
int cloop_floods(void);
int cloop_is_flooded(int descriptor);

/// The first protocol of the virtual host that the connection came to; NULL when it belongs to none of ours.
const struct lws_protocols *cloop_first_protocol(struct lws *wsi);

/// A listening virtual host; NULL when the address can't be had (errno tells).
struct lws_vhost *cloop_listen(struct lws_context *context, const cloop_listen_options *options);

/// Whether a certificate (chain) and its key, as PEM files, can serve TLS: 0 when they can, 1 when the certificate can't be
/// read, 2 when the key can't, 3 when they don't belong together.
int cloop_check_tls(const char *certificate, const char *key);

/// Another descriptor of the same socket; -1 when there can be no more.
int cloop_copy(int descriptor);

int cloop_is_final(struct lws *wsi);
void cloop_close_reason(struct lws *wsi, uint16_t code, const char *reason, size_t length);

/// Has the allocator grow in large steps: each is a system call. A C library without such settings is left as it is.
void cloop_memory_prepare(void);
/// Gives memory that is free back to the system, as far as the C library can.
void cloop_memory_trim(void);
/// Gives back the pages of the program's code; those that are wanted again come from its file, one by one.
void cloop_memory_release_code(void);

/// The SHA-256 digest (FIPS 180-4), 32 bytes.
void cloop_sha256(const uint8_t *bytes, size_t length, uint8_t *digest);
/// The same of a file; -1 when it can't be read.
int cloop_sha256_file(const char *path, uint8_t *digest);

// The turn that is being worked is noted in a page of a file, so that a message that ends the process is known at the next
// start, which refuses it. A process that is killed from outside leaves no cause, and nothing is refused.

typedef struct cturn_page cturn_page;
/// Threads that can work turns.
enum { CTURN_SLOTS = 16 };
/// Why a message is refused: it trapped the program, or it took too long.
enum { CTURN_TRAP = 1, CTURN_SLOW = 2 };
/// How the process ends when a turn takes too long.
enum { CTURN_EXIT = 70 };

/// Maps the file, which is made; NULL when it can't.
cturn_page *cturn_open(const char *path);
/// How many messages are refused.
int cturn_refusals(const cturn_page *page);
/// The cause why this message is refused; 0 when it is not. What did it in two conversations is refused in all.
int cturn_refused(const cturn_page *page, int64_t conversation, uint64_t digest);
void cturn_forget(cturn_page *page, int64_t conversation);
/// On the thread that works turns: one begins, one is over. A slot belongs to one thread.
void cturn_begin(cturn_page *page, int slot, int64_t conversation, uint64_t digest);
void cturn_end(cturn_page *page, int slot);
/// Takes the signals of a trap, and ends the process with CTURN_EXIT when a turn takes more processor time than so many
/// seconds; -1 when no thread can be had. The page must stay open from then on.
int cturn_watch(cturn_page *page, double seconds);
