// A bare libwebsockets text echo on libev: what a message costs when nothing is done with it.
#include <ev.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { largest = 65536 };

struct session {
    unsigned char *buffer;
    size_t capacity, length;
    int whole;
};

static struct lws_context *context;

static int receive(struct lws *wsi, struct session *session, const void *bytes, size_t length) {
    size_t needed = session->length + length;
    if (session->whole || needed > largest) return -1;
    if (needed > session->capacity) {
        unsigned char *grown = realloc(session->buffer, LWS_PRE + needed);
        if (!grown) return -1;
        session->buffer = grown;
        session->capacity = needed;
    }
    if (length) memcpy(session->buffer + LWS_PRE + session->length, bytes, length);
    session->length = needed;
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi)) return 0;
    session->whole = session->buffer != NULL;
    lws_callback_on_writable(wsi);
    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        return receive(wsi, session, in, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (!session->whole) return 0;
        if (lws_write(wsi, session->buffer + LWS_PRE, session->length, LWS_WRITE_TEXT) < 0) return -1;
        session->length = 0;
        session->whole = 0;
        return 0;
    case LWS_CALLBACK_CLOSED:
        free(session->buffer);
        session->buffer = NULL;
        return 0;
    default:
        return 0;
    }
}

// On libev the library's own timers run only when the loop wakes.
static void tick(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)loop;
    (void)timer;
    (void)events;
    lws_cancel_service(context);
}

int main(void) {
    static const struct lws_protocols protocols[] = {
        {"echo", callback, sizeof(struct session), 4096, 0, NULL, 0}, {0}};
    struct lws_context_creation_info info;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    void *loops[1] = {loop};
    ev_timer timer;

    lws_set_log_level(LLL_ERR, NULL);
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                   LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6;
    info.foreign_loops = loops;
    info.gid = (gid_t)-1;
    info.uid = (uid_t)-1;
    context = loop ? lws_create_context(&info) : NULL;
    if (!context) return 3;

    memset(&info, 0, sizeof info);
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_DISABLE_IPV6;
    info.vhost_name = "echo";
    struct lws_vhost *vhost = lws_create_vhost(context, &info);
    if (!vhost) return 3;
    printf("ready %d\n", lws_get_vhost_listen_port(vhost));
    fflush(stdout);

    ev_timer_init(&timer, tick, 0.1, 0.1);
    ev_timer_start(loop, &timer);
    ev_run(loop, 0);
    return 0;
}
