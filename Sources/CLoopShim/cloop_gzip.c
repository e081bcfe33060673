#include "cloop_gzip.h"

#include <zlib.h>

size_t cloop_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room) {
    z_stream stream = {0};
    // 15 bits of window, and 16 for gzip's own header.
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)in;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
