// zlib's calls for whole buffers, which are macros or need a stream that is set up field by field.
#ifndef CCOMPRESSION_H
#define CCOMPRESSION_H

#include <stddef.h>

/// Compresses into `out` in the gzip format (RFC 1952); the length, or 0 when it does not fit or fails.
size_t ccompression_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room);

/// Compresses into `out` in the bare deflate format (RFC 1951); the length, or 0 when it does not fit or fails.
size_t ccompression_deflate(const unsigned char *in, size_t length, unsigned char *out, size_t room);

/// Takes apart what `ccompression_deflate` made; 1 when that is exactly `length` bytes, else 0.
int ccompression_inflate(const unsigned char *in, size_t packed, unsigned char *out, size_t length);

#endif
