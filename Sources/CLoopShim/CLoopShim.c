#include "CLoopShim.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cloop {
    struct ev_loop *ev;
    struct ev_async wake;
    struct ev_timer tick;
    struct ev_prepare pause;
    void *user;
    cloop_callbacks callbacks;
};

static void woken(struct ev_loop *ev, struct ev_async *watcher, int events) {
    (void)ev;
    (void)events;
    cloop *loop = watcher->data;
    loop->callbacks.on_wake(loop->user);
}

static void ticked(struct ev_loop *ev, struct ev_timer *watcher, int events) {
    (void)ev;
    (void)events;
    cloop *loop = watcher->data;
    loop->callbacks.on_tick(loop->user);
}

static void pausing(struct ev_loop *ev, struct ev_prepare *watcher, int events) {
    (void)ev;
    (void)events;
    cloop *loop = watcher->data;
    loop->callbacks.on_pause(loop->user);
}

cloop *cloop_new(void *user, cloop_callbacks callbacks) {
    cloop *loop = calloc(1, sizeof *loop);
    if (!loop) return NULL;
    loop->ev = ev_loop_new(EVFLAG_AUTO);
    if (!loop->ev) {
        free(loop);
        return NULL;
    }
    loop->user = user;
    loop->callbacks = callbacks;
    ev_async_init(&loop->wake, woken);
    ev_timer_init(&loop->tick, ticked, 0.1, 0.1);
    ev_prepare_init(&loop->pause, pausing);
    loop->wake.data = loop;
    loop->tick.data = loop;
    loop->pause.data = loop;
    ev_async_start(loop->ev, &loop->wake);
    ev_timer_start(loop->ev, &loop->tick);
    ev_prepare_start(loop->ev, &loop->pause);
    return loop;
}

struct ev_loop *cloop_ev(cloop *loop) { return loop->ev; }
void cloop_run(cloop *loop) { ev_run(loop->ev, 0); }
void cloop_wake(cloop *loop) { ev_async_send(loop->ev, &loop->wake); }
void cloop_break(cloop *loop) { ev_break(loop->ev, EVBREAK_ALL); }

void cloop_free(cloop *loop) {
    ev_async_stop(loop->ev, &loop->wake);
    ev_timer_stop(loop->ev, &loop->tick);
    ev_prepare_stop(loop->ev, &loop->pause);
    ev_loop_destroy(loop->ev);
    free(loop);
}

struct lws_context *cloop_context(cloop *loop, void *user) {
    struct lws_context_creation_info info;
    void *loops[1] = {loop->ev};
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.foreign_loops = loops;
    info.user = user;
    info.gid = (gid_t)-1;
    info.uid = (uid_t)-1;
    info.max_http_header_pool = 4096;
    info.pcontext = NULL;
    return lws_create_context(&info);
}

struct lws_vhost *cloop_listen(struct lws_context *context, const cloop_listen_options *options) {
    struct lws_context_creation_info info;
    // All zero: silent lines are our matter. libwebsockets would keep a timer of each in one sorted list and walk it
    // whenever a line is heard from, which takes a third of a processor at ten thousand.
    static const lws_retry_bo_t no_timers;
    memset(&info, 0, sizeof info);
    info.port = options->port;
    info.iface = options->host;
    info.protocols = options->protocols;
    // Without the second it would say that it listens, and wait for the address to come.
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    // All addresses of IPv6 are not those of IPv4.
    info.options |= options->ipv6 ? LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY | LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE
                                  : LWS_SERVER_OPTION_DISABLE_IPV6;
    // What does not begin like HTTP is handed to the second protocol, which can say so.
    info.options |= LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG;
    info.listen_accept_role = "raw-skt";
    info.listen_accept_protocol = options->protocols[1].name;
    if (options->certificate) {
        // The virtual host ignores its certificate without it.
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = options->certificate;
        info.ssl_private_key_filepath = options->key;
        info.ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
        info.alpn = "http/1.1";
    }
    info.vhost_name = "daoban";
    info.user = (void *)options->protocols;
    info.keepalive_timeout = options->keepalive_seconds;
    info.timeout_secs_ah_idle = options->handshake_seconds;
    info.retry_and_idle_policy = &no_timers;
    info.ka_time = 60;
    info.ka_probes = 3;
    info.ka_interval = 10;
    return lws_create_vhost(context, &info);
}

const struct lws_protocols *cloop_first_protocol(struct lws *wsi) {
    struct lws_vhost *vhost = lws_get_vhost(wsi);
    return vhost ? lws_get_vhost_user(vhost) : NULL;
}

int cloop_check_tls(const char *certificate, const char *key) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int result = 0;
    if (!context || SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        result = 1;
    else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        // OpenSSL compares the two already here.
        result = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ? 3 : 2;
    else if (SSL_CTX_check_private_key(context) != 1)
        result = 3;
    SSL_CTX_free(context);
    ERR_clear_error();
    return result;
}

int cloop_copy(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); }

int cloop_is_final(struct lws *wsi) { return lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0; }

void cloop_close_reason(struct lws *wsi, uint16_t code, const char *reason, size_t length) {
    unsigned char text[124];
    if (length > 123) length = 123;
    if (length) memcpy(text, reason, length);
    lws_close_reason(wsi, (enum lws_close_status)code, length ? text : NULL, length);
}

void cloop_sha256(const uint8_t *bytes, size_t length, uint8_t *digest) { SHA256(bytes, length, digest); }

int cloop_sha256_file(const char *path, uint8_t *digest) {
    unsigned char buffer[65536];
    FILE *file = fopen(path, "rb");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int result = file && context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 ? 0 : -1;
    while (result == 0) {
        size_t count = fread(buffer, 1, sizeof buffer, file);
        if (count == 0) break;
        if (EVP_DigestUpdate(context, buffer, count) != 1) result = -1;
    }
    if (result == 0 && (ferror(file) || EVP_DigestFinal_ex(context, digest, NULL) != 1)) result = -1;
    EVP_MD_CTX_free(context);
    if (file) fclose(file);
    return result;
}
