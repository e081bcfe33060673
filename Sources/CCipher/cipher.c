#include "CCipher.h"

#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>

// One a thread, for making one costs more than most texts that are encrypted with it.
static pthread_key_t contexts;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_context(void *context) { EVP_CIPHER_CTX_free(context); }
static void make_key(void) { pthread_key_create(&contexts, free_context); }

static EVP_CIPHER_CTX *own_context(void) {
    pthread_once(&once, make_key);
    EVP_CIPHER_CTX *context = pthread_getspecific(contexts);
    if (context) return context;
    context = EVP_CIPHER_CTX_new();
    if (!context) return NULL;
    if (EVP_EncryptInit_ex(context, EVP_chacha20(), NULL, NULL, NULL) == 1 &&
        pthread_setspecific(contexts, context) == 0)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

int ccipher_chacha20(const uint8_t *key, const uint8_t *start, uint8_t *bytes, size_t length) {
    EVP_CIPHER_CTX *context = own_context();
    int written = 0;
    return context && length <= INT_MAX && EVP_EncryptInit_ex(context, NULL, NULL, key, start) == 1 &&
           EVP_EncryptUpdate(context, bytes, &written, bytes, (int)length) == 1;
}
