#include "CCompression.h"

#include <zlib.h>

static size_t compress_whole(
    int window, const unsigned char *in, size_t length, unsigned char *out, size_t room) {
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)in;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}

// 15 bits of window, and 16 for gzip's own header.
size_t ccompression_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room) {
    return compress_whole(15 + 16, in, length, out, room);
}

// A negative window means no header.
size_t ccompression_deflate(const unsigned char *in, size_t length, unsigned char *out, size_t room) {
    return compress_whole(-15, in, length, out, room);
}

int ccompression_inflate(const unsigned char *in, size_t packed, unsigned char *out, size_t length) {
    z_stream stream = {0};
    if (inflateInit2(&stream, -15) != Z_OK) return 0;
    stream.next_in = (unsigned char *)in;
    stream.avail_in = (uInt)packed;
    stream.next_out = out;
    stream.avail_out = (uInt)length;
    int result = inflate(&stream, Z_FINISH);
    int is_whole = result == Z_STREAM_END && stream.total_out == length && stream.avail_in == 0;
    inflateEnd(&stream);
    return is_whole;
}
