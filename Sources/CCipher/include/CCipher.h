// The stream cipher of the event log, as OpenSSL has it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Encrypts or decrypts in place with ChaCha20 (RFC 8439, section 2.4), the same operation. `key`: 32 bytes. `start`: the block
/// counter and the nonce, 16 bytes, little-endian. 0 when OpenSSL cannot; the bytes are as they were then. Any thread.
int ccipher_chacha20(const uint8_t *key, const uint8_t *start, uint8_t *bytes, size_t length);
