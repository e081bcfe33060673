#ifndef CLOOP_GZIP_H
#define CLOOP_GZIP_H

#include <stddef.h>

/// Compresses into `out` in the gzip format; the length, or 0 when it does not fit or fails.
size_t cloop_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room);

#endif
