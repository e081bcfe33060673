// A load on a WebSocket server. Closed: each connection sends, waits for its answer, and sends again. Open (--rate): a
// turn is due at even distances, whether or not the last one was answered, and its time counts from when it was due.
// One thread on epoll, without libwebsockets: no part of the measured server is shared with its driver.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { turns_in_group = 3, largest_answer = 1 << 20, patience_seconds = 10 };
enum state { upgrading, greeting, talking, gone };

struct buffer {
    uint8_t *bytes;
    size_t length, capacity;
};

struct connection {
    int descriptor;
    enum state state;
    struct buffer in, out, message;  // message: what came in earlier fragments
    size_t group, turn;
    unsigned long number, count;
    uint64_t sent;
    uint64_t due;  // when a turn was due that waits for the answer before it; 0 for none
    int writing, waiting;
};

static struct {
    int talks, fresh, process;
    const char *host, *script;
    int port, connections, idle;  // idle: connections besides that say hello and then nothing
    size_t size;
    double seconds, warmup, rate;
} options = {.host = "127.0.0.1", .connections = 64, .size = 80, .seconds = 4, .warmup = 1};

static char **lines;  // the script, already escaped for JSON; turns_in_group lines a group
static size_t groups;
static uint8_t *payload;  // what echo mode sends
static int poller;
static int settled;  // connections that have been greeted, or lost
static int alive;
static unsigned long errors;

static int measuring;
static uint32_t *latencies;
static size_t turns, latency_capacity;
static uint64_t answered_bytes;

static void fatal(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(3);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Only the first error is shown: the others are most often the same.
static void failed(const struct connection *connection, const char *what, const uint8_t *bytes,
                   size_t length) {
    if (errors++) return;
    fprintf(stderr, "load: connection %lu, message %lu: %s: %.*s\n", connection->number, connection->count,
            what, (int)(length < 400 ? length : 400), length ? (const char *)bytes : "");
}

static void reserve(struct buffer *buffer, size_t more) {
    size_t needed = buffer->length + more;
    if (needed <= buffer->capacity) return;
    buffer->capacity = needed * 2;
    buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    if (!buffer->bytes) fatal("no memory");
}

static void append(struct buffer *buffer, const void *bytes, size_t length) {
    reserve(buffer, length);
    if (length) memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void drop(struct connection *connection) {
    if (connection->state == gone) return;
    if (connection->state < talking) settled++;
    connection->state = gone;
    close(connection->descriptor);
    alive--;
}

static void lose(struct connection *connection, const char *what, const uint8_t *bytes, size_t length) {
    failed(connection, what, bytes, length);
    drop(connection);
}

static void flush_out(struct connection *connection) {
    struct buffer *out = &connection->out;
    size_t written = 0;
    while (written < out->length) {
        ssize_t count =
            send(connection->descriptor, out->bytes + written, out->length - written, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) break;
        if (count < 0) return lose(connection, strerror(errno), NULL, 0);
        written += (size_t)count;
    }
    out->length -= written;
    memmove(out->bytes, out->bytes + written, out->length);
    if (connection->writing == (out->length > 0)) return;
    connection->writing = out->length > 0;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (connection->writing) event.events |= EPOLLOUT;
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static void send_frame(struct connection *connection, int opcode, const void *bytes, size_t length) {
    static uint32_t random = 2463534242u;
    uint8_t head[14] = {(uint8_t)(0x80 | opcode)}, mask[4];
    size_t size = 2;
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    memcpy(mask, &random, 4);
    if (length < 126) {
        head[1] = (uint8_t)(0x80 | length);
    } else if (length < 65536) {
        head[1] = 0x80 | 126;
        head[2] = (uint8_t)(length >> 8);
        head[3] = (uint8_t)length;
        size = 4;
    } else {
        head[1] = 0x80 | 127;
        for (int index = 0; index < 8; index++)
            head[2 + index] = (uint8_t)((uint64_t)length >> (56 - 8 * index));
        size = 10;
    }
    memcpy(head + size, mask, 4);
    append(&connection->out, head, size + 4);
    append(&connection->out, bytes, length);
    uint8_t *body = connection->out.bytes + connection->out.length - length;
    for (size_t index = 0; index < length; index++) body[index] ^= mask[index & 3];
    flush_out(connection);
}

static int is_idle(const struct connection *connection) {
    return connection->number >= (unsigned long)options.connections;
}

static void send_due(struct connection *connection, uint64_t due) {
    connection->count++;
    connection->sent = due;
    connection->waiting = 1;
    if (!options.talks) return send_frame(connection, 1, payload, options.size);
    char text[8192];
    int length = snprintf(text, sizeof text, "{\"type\":\"message\",\"id\":\"c%lu-%lu\",\"text\":\"%s\"}",
                          connection->number, connection->count,
                          lines[connection->group * turns_in_group + connection->turn]);
    send_frame(connection, 1, text, (size_t)length);
}

/// What follows an answer, or the greeting.
static void send_next(struct connection *connection) {
    connection->waiting = 0;
    if (is_idle(connection)) return;
    if (!options.rate) return send_due(connection, now());
    if (!connection->due) return;
    uint64_t due = connection->due;
    connection->due = 0;
    send_due(connection, due);
}

static struct connection *connections;
static uint64_t next_due;  // 0 as long as none is

/// Sends what has become due, one connection after the other.
static void keep_pace(void) {
    static int turn;
    uint64_t step = (uint64_t)(1e9 / options.rate);
    for (uint64_t time = now(); next_due && next_due <= time; next_due += step) {
        struct connection *connection = &connections[turn++ % options.connections];
        if (connection->state != talking) continue;
        if (!connection->waiting)
            send_due(connection, next_due);
        else if (!connection->due)
            connection->due = next_due;
        else
            failed(connection, "two turns were due before one was answered", NULL, 0);
    }
}

static void open_connection(struct connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    if (inet_pton(AF_INET, options.host, &address.sin_addr) != 1) fatal("--host must be an IPv4 address");
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address))
        fatal("cannot connect to %s:%d: %s", options.host, options.port, strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    connection->descriptor = descriptor;
    connection->state = upgrading;
    connection->in.length = connection->out.length = connection->message.length = 0;
    connection->writing = connection->waiting = 0;
    connection->due = 0;
    connection->sent = now();
    alive++;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
    char request[512];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: %s:%d\r\n"
                          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                          options.talks ? "/v1/chat" : "/", options.host, options.port,
                          options.talks ? "Sec-WebSocket-Protocol: daoban.v1\r\n" : "");
    append(&connection->out, request, (size_t)length);
    flush_out(connection);
}

static int begins(const uint8_t *bytes, size_t length, const char *prefix) {
    size_t size = strlen(prefix);
    return length >= size && memcmp(bytes, prefix, size) == 0;
}

static int is_answer(const struct connection *connection, const uint8_t *bytes, size_t length) {
    if (!options.talks) return length == options.size && memcmp(bytes, payload, length) == 0;
    char id[64];
    int size = snprintf(id, sizeof id, "\"id\":\"c%lu-%lu\"", connection->number, connection->count);
    return begins(bytes, length, "{\"type\":\"turn\",") && memmem(bytes, length, id, (size_t)size);
}

static void record(uint64_t nanoseconds, size_t length) {
    if (!measuring) return;
    if (turns == latency_capacity) {
        latency_capacity = latency_capacity ? latency_capacity * 2 : 1 << 20;
        latencies = realloc(latencies, latency_capacity * sizeof *latencies);
        if (!latencies) fatal("no memory");
    }
    latencies[turns++] = (uint32_t)(nanoseconds / 1000);
    answered_bytes += length;
}

/// Takes a whole text message. False when the bytes read so far no longer belong to this connection.
static int take_message(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (connection->state == greeting) {
        if (!begins(bytes, length, "{\"type\":\"welcome\",")) {
            lose(connection, "no welcome", bytes, length);
            return 0;
        }
        connection->state = talking;
        settled++;
        send_next(connection);
        return 1;
    }
    if (is_answer(connection, bytes, length))
        record(now() - connection->sent, length);
    else
        failed(connection, "wrong answer", bytes, length);
    if (options.talks && ++connection->turn == turns_in_group) {
        connection->turn = 0;
        connection->group = (connection->group + 1) % groups;
        if (options.fresh) {
            settled--;
            connection->count = 0;
            send_frame(connection, 8, "\x03\xe8", 2);
            if (connection->state == gone) return 0;
            close(connection->descriptor);
            alive--;
            open_connection(connection);
            return 0;
        }
    }
    send_next(connection);
    return 1;
}

static size_t take_upgrade(struct connection *connection, const uint8_t *bytes, size_t length) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t size = (size_t)(end - bytes) + 4;
    if (!begins(bytes, size, "HTTP/1.1 101") || !memmem(bytes, size, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28))
        return lose(connection, "no upgrade", bytes, size), 0;
    if (options.talks) {
        static const char hello[] = "{\"type\":\"hello\",\"protocol\":1}";
        connection->state = greeting;
        send_frame(connection, 1, hello, sizeof hello - 1);
    } else {
        connection->state = talking;
        settled++;
        send_next(connection);
    }
    return size;
}

/// Takes one frame; returns its size, or 0 when it is incomplete or the connection has changed.
static size_t take_frame(struct connection *connection, const uint8_t *bytes, size_t available) {
    if (available < 2) return 0;
    size_t head = 2;
    uint64_t length = bytes[1] & 127;
    if (length >= 126) {
        size_t wide = length == 126 ? 2 : 8;
        if (available < 2 + wide) return 0;
        length = 0;
        for (size_t index = 0; index < wide; index++) length = length << 8 | bytes[2 + index];
        head += wide;
    }
    int final = bytes[0] & 0x80, opcode = bytes[0] & 15;
    if (bytes[0] & 0x70 || bytes[1] & 0x80 || length > largest_answer)
        return lose(connection, "bad frame", NULL, 0), 0;
    if (available < head + length) return 0;
    const uint8_t *body = bytes + head;
    switch (opcode) {
    case 0:
    case 1:
        if (final && !connection->message.length) {
            if (!take_message(connection, body, length)) return 0;
            break;
        }
        append(&connection->message, body, length);
        if (!final) break;
        size_t whole = connection->message.length;
        connection->message.length = 0;
        if (!take_message(connection, connection->message.bytes, whole)) return 0;
        break;
    case 8:
        lose(connection, "closed by the server", body + (length < 2 ? 0 : 2), length < 2 ? 0 : length - 2);
        return 0;
    case 9:
        send_frame(connection, 10, body, length);
        break;
    case 10:
        break;
    default:
        return lose(connection, "bad opcode", NULL, 0), 0;
    }
    return head + length;
}

static void read_in(struct connection *connection) {
    struct buffer *in = &connection->in;
    reserve(in, 65536);
    ssize_t count = recv(connection->descriptor, in->bytes + in->length, in->capacity - in->length, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return lose(connection, count ? strerror(errno) : "connection cut", NULL, 0);
    in->length += (size_t)count;
    size_t taken = 0;
    int descriptor = connection->descriptor;
    while (connection->state != gone) {
        size_t rest = in->length - taken;
        size_t size = connection->state == upgrading ? take_upgrade(connection, in->bytes + taken, rest)
                                                     : take_frame(connection, in->bytes + taken, rest);
        if (!size) break;
        taken += size;
    }
    if (connection->state == gone || connection->descriptor != descriptor || in->length < taken) return;
    in->length -= taken;
    memmove(in->bytes, in->bytes + taken, in->length);
}

static void serve_until(uint64_t end, int stop_when_settled) {
    struct epoll_event events[256];
    while (alive && now() < end && !(stop_when_settled && settled == options.connections + options.idle)) {
        uint64_t time = now(), wake = next_due && next_due < end ? next_due : end;
        struct timespec rest = {0};
        if (wake > time) {
            rest.tv_sec = (time_t)((wake - time) / 1000000000u);
            rest.tv_nsec = (long)((wake - time) % 1000000000u);
        }
        int count = epoll_pwait2(poller, events, 256, &rest, NULL);
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (events[index].events & EPOLLOUT && connection->state != gone) flush_out(connection);
            if (events[index].events & ~EPOLLOUT && connection->state != gone) read_in(connection);
        }
        keep_pace();
    }
}

static char *escaped(const char *line) {
    char *text = malloc(strlen(line) * 2 + 1), *end = text;
    if (!text) fatal("no memory");
    for (; *line; line++) {
        if ((unsigned char)*line < 32) fatal("%s: a control character in a line", options.script);
        if (*line == '"' || *line == '\\') *end++ = '\\';
        *end++ = *line;
    }
    *end = 0;
    if (end - text > 8000) fatal("%s: a line is too long", options.script);
    return text;
}

static void read_script(void) {
    FILE *file = fopen(options.script, "r");
    if (!file) fatal("%s: %s", options.script, strerror(errno));
    char *line = NULL;
    size_t capacity = 0, count = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, file)) >= 0) {
        while (length && (line[length - 1] == '\n' || line[length - 1] == '\r')) line[--length] = 0;
        if (!length && count % turns_in_group) fatal("%s: a group is not of three lines", options.script);
        if (!length) continue;
        lines = realloc(lines, (count + 1) * sizeof *lines);
        if (!lines) fatal("no memory");
        lines[count++] = escaped(line);
    }
    free(line);
    fclose(file);
    if (!count || count % turns_in_group) fatal("%s: a group is not of three lines", options.script);
    groups = count / turns_in_group;
}

/// The processor time that a process has used so far, in microseconds.
static double processor_time(int process) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[length] = 0;
    unsigned long user, system;
    char *fields = strrchr(text, ')');
    static const char layout[] = " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu";
    if (!fields || sscanf(fields + 1, layout, &user, &system) != 2)
        fatal("cannot read %s", path);
    return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static int ascending(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static unsigned quantile(double part) { return turns ? latencies[(size_t)((double)(turns - 1) * part)] : 0; }

static int wrong_use(void) {
    fputs("usage: load --mode echo|talk --port N [--host IPV4] [--size BYTES] [--script FILE] [--fresh]\n"
          "            [--connections N] [--idle N] [--rate TURNS_A_SECOND] [--seconds S] [--warmup S]\n"
          "            [--process PID]\n", stderr);
    return 2;
}

static int read_options(int count, char **arguments) {
    static const struct option known[] = {
        {"mode", 1, 0, 'm'},    {"host", 1, 0, 'h'},   {"port", 1, 0, 'p'},        {"size", 1, 0, 'b'},
        {"script", 1, 0, 's'},  {"fresh", 0, 0, 'f'},  {"connections", 1, 0, 'c'}, {"seconds", 1, 0, 't'},
        {"warmup", 1, 0, 'w'},  {"process", 1, 0, 'i'}, {"idle", 1, 0, 'l'},       {"rate", 1, 0, 'r'},
        {0}};
    const char *mode = "";
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (option) {
        case 'm': mode = optarg; break;
        case 'h': options.host = optarg; break;
        case 'p': options.port = atoi(optarg); break;
        case 'b': options.size = (size_t)atol(optarg); break;
        case 's': options.script = optarg; break;
        case 'f': options.fresh = 1; break;
        case 'c': options.connections = atoi(optarg); break;
        case 't': options.seconds = atof(optarg); break;
        case 'w': options.warmup = atof(optarg); break;
        case 'i': options.process = atoi(optarg); break;
        case 'l': options.idle = atoi(optarg); break;
        case 'r': options.rate = atof(optarg); break;
        default: return 0;
        }
    }
    options.talks = strcmp(mode, "talk") == 0;
    return (options.talks ? options.script != NULL : strcmp(mode, "echo") == 0) && optind == count &&
           options.port > 0 && options.port < 65536 && options.connections > 0 && options.seconds > 0 &&
           options.warmup >= 0 && options.idle >= 0 && options.rate >= 0 && !(options.rate && options.fresh) && options.size > 0 && options.size <= 65536;
}

int main(int count, char **arguments) {
    if (!read_options(count, arguments)) return wrong_use();
    if (options.talks) read_script();
    payload = malloc(options.size);
    int all = options.connections + options.idle;
    connections = calloc((size_t)all, sizeof *connections);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!payload || !connections || poller < 0) fatal("no memory");
    memset(payload, 'x', options.size);
    for (int index = 0; index < all; index++) {
        connections[index].number = (unsigned long)index;
        connections[index].group = groups ? (size_t)index % groups : 0;
        open_connection(&connections[index]);
        // Many are opened as fast as they are let in, not faster.
        if (index % 64 == 63) serve_until(now() + 1000000u, 1);
    }
    const uint64_t patience = patience_seconds * 1000000000ull;
    serve_until(now() + patience, 1);
    if (settled < all)
        failed(connections, "not every connection was greeted in time", NULL, 0);
    if (options.rate) next_due = now();
    serve_until(now() + (uint64_t)(options.warmup * 1e9), 0);

    double before = options.process ? processor_time(options.process) : 0;
    uint64_t begun = now();
    measuring = 1;
    serve_until(begun + (uint64_t)(options.seconds * 1e9), 0);
    uint64_t ended = now();
    double used = options.process ? processor_time(options.process) - before : 0;
    double seconds = (double)(ended - begun) / 1e9;

    for (int index = 0; index < options.connections; index++)
        if (connections[index].waiting && connections[index].state != gone &&
            ended - connections[index].sent > patience)
            failed(&connections[index], "no answer", NULL, 0);
    if (turns) qsort(latencies, turns, sizeof *latencies, ascending);
    printf("{\"mode\":\"%s\",\"connections\":%d,\"turns\":%zu,\"seconds\":%.3f,\"turns_per_second\":%.0f,"
           "\"p50_us\":%u,\"p99_us\":%u,\"p999_us\":%u,\"answer_bytes\":%.0f,",
           options.talks ? "talk" : "echo", options.connections, turns, seconds,
           turns ? (double)turns / seconds : 0,
           quantile(0.5), quantile(0.99), quantile(0.999),
           turns ? (double)answered_bytes / (double)turns : 0);
    if (options.process) printf("\"cpu_us_per_turn\":%.2f,", turns ? used / (double)turns : 0);
    printf("\"errors\":%lu}\n", errors);
    return errors || !turns;
}
