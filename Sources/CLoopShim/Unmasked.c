// Finds frames without a mask (see the header). Each watched socket has a small reader that skips payloads and looks at
// headers; it is given every octet that `recv` brings, and belongs to the loop's thread like the socket does. The loops of a
// process share the table alone.

#include "CLoopShim.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { DESCRIPTORS = 1 << 16 };

struct cloop_reader {
    int in_frames;
    int unmasked;
    int pinged;
    int flooded;
    unsigned int pings; // within this second
    time_t second;
    unsigned int line_end; // how much of CR LF CR LF has come
    unsigned int have;     // octets of the header at hand
    unsigned char header[14];
    uint64_t payload; // octets of it still to come
};

static struct cloop_reader *readers[DESCRIPTORS];

static struct cloop_reader *reader_of(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
    return __atomic_load_n(&readers[descriptor], __ATOMIC_RELAXED);
}

struct cloop_reader *cloop_watch(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
    struct cloop_reader *reader = calloc(1, sizeof *reader);
    __atomic_store_n(&readers[descriptor], reader, __ATOMIC_RELAXED);
    return reader;
}

void cloop_unwatch(int descriptor, struct cloop_reader *reader) {
    struct cloop_reader *mine = reader;
    if (!reader) return;
    __atomic_compare_exchange_n(&readers[descriptor], &mine, NULL, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    free(reader);
}

void cloop_watch_frames(int descriptor) {
    struct cloop_reader *reader = reader_of(descriptor);
    if (reader) reader->in_frames = 1;
}

int cloop_saw_unmasked(int descriptor) {
    struct cloop_reader *reader = reader_of(descriptor);
    return reader ? reader->unmasked : 0;
}

int cloop_owes_pong(int descriptor) {
    struct cloop_reader *reader = reader_of(descriptor);
    return reader ? reader->pinged : 0;
}

void cloop_clear_pong(int descriptor) {
    struct cloop_reader *reader = reader_of(descriptor);
    if (reader) reader->pinged = 0;
}

// More than so many pings in a second are no question whether we are there.
enum { PINGS_A_SECOND = 100 };
static int floods;

int cloop_floods(void) { return __atomic_load_n(&floods, __ATOMIC_RELAXED); }

int cloop_is_flooded(int descriptor) {
    struct cloop_reader *reader = reader_of(descriptor);
    return reader ? reader->flooded : 0;
}

static void note_ping(struct cloop_reader *reader) {
    struct timespec now;
    reader->pinged = 1;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (reader->second != now.tv_sec) reader->pings = 0;
    reader->second = now.tv_sec;
    if (++reader->pings <= PINGS_A_SECOND || reader->flooded) return;
    reader->flooded = 1;
    __atomic_add_fetch(&floods, 1, __ATOMIC_RELAXED);
}

static void read_frames(struct cloop_reader *reader, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        if (reader->payload > 0) {
            size_t skipped = reader->payload < count ? (size_t)reader->payload : count;
            reader->payload -= skipped;
            bytes += skipped;
            count -= skipped;
            continue;
        }
        reader->header[reader->have++] = *bytes++;
        count--;
        if (reader->have < 2) continue;
        if (!(reader->header[1] & 0x80)) {
            reader->unmasked = 1;
            return;
        }
        unsigned int length = reader->header[1] & 127;
        unsigned int extra = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (reader->have < 2 + extra + 4) continue;
        uint64_t payload = length;
        if (extra) {
            payload = 0;
            for (unsigned int i = 0; i < extra; i++) payload = payload << 8 | reader->header[2 + i];
        }
        if ((reader->header[0] & 15) == 9) note_ping(reader);
        reader->payload = payload;
        reader->have = 0;
    }
}

static void read_octets(struct cloop_reader *reader, const unsigned char *bytes, size_t count) {
    if (reader->unmasked && reader->in_frames) return;
    if (reader->in_frames) {
        read_frames(reader, bytes, count);
        return;
    }
    // What follows the end of a head may be frames already; if another head comes, it was not.
    reader->unmasked = 0;
    reader->have = 0;
    reader->payload = 0;
    for (size_t i = 0; i < count; i++) {
        int wanted = reader->line_end % 2 ? '\n' : '\r';
        if (bytes[i] == wanted)
            reader->line_end++;
        else
            reader->line_end = bytes[i] == '\r';
        if (reader->line_end == 4) {
            reader->line_end = 0;
            read_frames(reader, bytes + i + 1, count - i - 1);
            return;
        }
    }
}

ssize_t recv(int descriptor, void *buffer, size_t length, int flags) {
    ssize_t count = recvfrom(descriptor, buffer, length, flags, NULL, NULL);
    if (count > 0 && !(flags & MSG_PEEK)) {
        struct cloop_reader *reader = reader_of(descriptor);
        if (reader) read_octets(reader, buffer, (size_t)count);
    }
    return count;
}
