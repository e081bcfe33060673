// A bare libwebsockets echo on libev: what a message costs when nothing is done with it. The yardstick of the benchmarks.
#include <ev.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    unsigned char buffer[LWS_PRE + 4096];
    size_t length;
};

static struct lws_context *context;

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        if (length > 4096) return -1;
        memcpy(session->buffer + LWS_PRE, in, length);
        session->length = length;
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (!session->length) return 0;
        lws_write(wsi, session->buffer + LWS_PRE, session->length, LWS_WRITE_TEXT);
        session->length = 0;
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
    static const struct lws_protocols protocols[] = {{"echo", callback, sizeof(struct session), 4096, 0, NULL, 0}, {0}};
    struct lws_context_creation_info info;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    void *loops[1] = {loop};
    ev_timer timer;

    memset(&info, 0, sizeof info);
    lws_set_log_level(0, NULL);
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    info.foreign_loops = loops;
    info.port = CONTEXT_PORT_NO_LISTEN;
    context = lws_create_context(&info);
    if (!context) return 1;
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    struct lws_vhost *vhost = lws_create_vhost(context, &info);
    if (!vhost) return 1;
    printf("ready http://127.0.0.1:%d\n", lws_get_vhost_listen_port(vhost));
    fflush(stdout);
    ev_timer_init(&timer, tick, 0.1, 0.1);
    ev_timer_start(loop, &timer);
    ev_run(loop, 0);
    return 0;
}
