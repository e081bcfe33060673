#define _GNU_SOURCE
#include "CFaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096 };

static struct faults *page;
static unsigned char is_ours[DESCRIPTORS];
// Only calls on files with these words in their path fail.
static const char *ours = "daoban.sqlite";

struct faults *faults_map(const char *path) {
    int descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 || ftruncate(descriptor, 4096) != 0) return NULL;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return memory == MAP_FAILED ? NULL : memory;
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

// Whether the call is to fail.
static int fails(int call) {
    struct faults *faults = page;
    if (!faults || !(__atomic_load_n(&faults->calls, __ATOMIC_SEQ_CST) & call)) return 0;
    if (__atomic_load_n(&faults->failures, __ATOMIC_SEQ_CST) == 0) return 0;
    if (__atomic_sub_fetch(&faults->countdown, 1, __ATOMIC_SEQ_CST) >= 0) return 0;
    if (faults->failures > 0) __atomic_sub_fetch(&faults->failures, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&faults->hits, 1, __ATOMIC_SEQ_CST);
    if (faults->error == FAULT_DIES) kill(getpid(), SIGKILL);
    errno = faults->error;
    return 1;
}

static int on_ours(int descriptor) { return descriptor >= 0 && descriptor < DESCRIPTORS && is_ours[descriptor]; }

static int note(int descriptor, const char *path) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS) is_ours[descriptor] = strstr(path, ours) != NULL;
    return descriptor;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        static int (*next)(const char *, int, ...);                                                                    \
        if (!next) next = real(#name);                                                                                 \
        va_list list;                                                                                                  \
        va_start(list, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                                        \
        va_end(list);                                                                                                  \
        if (strstr(path, ours) && fails(FAULT_OPEN)) return -1;                                             \
        return note(next(path, flags, mode), path);                                                                    \
    }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
    static int (*next)(int);
    if (!next) next = real("close");
    if (descriptor >= 0 && descriptor < DESCRIPTORS) is_ours[descriptor] = 0;
    return next(descriptor);
}

#define ON_FILE(result, name, call, parameters, arguments)                                                             \
    result name parameters {                                                                                           \
        static result(*next) parameters;                                                                               \
        if (!next) next = real(#name);                                                                                 \
        if (on_ours(descriptor) && fails(call)) {                                                                      \
            if (page->error == FAULT_TEARS) kill(getpid(), SIGKILL);                                                   \
            return -1;                                                                                                 \
        }                                                                                                              \
        return next arguments;                                                                                         \
    }
// Half of what was to be written is, and that was the last that the process did.
#define ON_WRITE(name, parameters, whole, half)                                                                        \
    ssize_t name parameters {                                                                                          \
        static ssize_t(*next) parameters;                                                                              \
        if (!next) next = real(#name);                                                                                 \
        if (!on_ours(descriptor) || !fails(FAULT_WRITE)) return next whole;                                            \
        if (page->error != FAULT_TEARS) return -1;                                                                     \
        next half;                                                                                                     \
        kill(getpid(), SIGKILL);                                                                                       \
        return -1;                                                                                                     \
    }
ON_WRITE(write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count),
         (descriptor, bytes, count / 2))
ON_WRITE(pwrite, (int descriptor, const void *bytes, size_t count, off_t at), (descriptor, bytes, count, at),
         (descriptor, bytes, count / 2, at))
ON_WRITE(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t at), (descriptor, bytes, count, at),
         (descriptor, bytes, count / 2, at))
ON_FILE(ssize_t, pread, FAULT_READ, (int descriptor, void *bytes, size_t count, off_t at), (descriptor, bytes, count, at))
ON_FILE(ssize_t, pread64, FAULT_READ, (int descriptor, void *bytes, size_t count, off64_t at),
        (descriptor, bytes, count, at))
ON_FILE(int, fsync, FAULT_SYNC, (int descriptor), (descriptor))
ON_FILE(int, fdatasync, FAULT_SYNC, (int descriptor), (descriptor))
ON_FILE(int, ftruncate, FAULT_TRUNCATE, (int descriptor, off_t size), (descriptor, size))
ON_FILE(int, ftruncate64, FAULT_TRUNCATE, (int descriptor, off64_t size), (descriptor, size))
ON_FILE(int, fallocate, FAULT_WRITE, (int descriptor, int mode, off_t at, off_t size), (descriptor, mode, at, size))
ON_FILE(int, posix_fallocate, FAULT_WRITE, (int descriptor, off_t at, off_t size), (descriptor, at, size))

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!next) next = real("pthread_create");
    if (fails(FAULT_THREAD)) return page->error;
    return next(thread, attributes, body, argument);
}

// The wall clock, and no other, is wrong by what the test says.
int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = real("clock_gettime");
    int result = next(clock, time);
    if (result == 0 && page && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += page->clock;
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    static int (*next)(struct timeval *, void *);
    if (!next) next = real("gettimeofday");
    int result = next(time, zone);
    if (result == 0 && page) time->tv_sec += page->clock;
    return result;
}

// Whether a turn is being worked: a slot with a conversation in the page of TurnMark.c, which FAULTS_TURN names.
static int in_turn(void) {
    enum { FIRST_SLOT = 8 + 96 * 24, WORDS_A_SLOT = 3, SLOTS = 16 };
    static const volatile int64_t *conversation;
    if (!conversation) {
        const char *path = getenv("FAULTS_TURN");
        int descriptor = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (descriptor < 0) return 0;
        char *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
        close(descriptor);
        if (memory == MAP_FAILED) return 0;
        conversation = (const volatile int64_t *)(memory + FIRST_SLOT);
    }
    for (int slot = 0; slot < SLOTS; slot++)
        if (conversation[slot * WORDS_A_SLOT]) return 1;
    return 0;
}

static void fail_turn(int calls) {
    if (!(calls & (FAULT_TURN_TRAP | FAULT_TURN_SPIN)) || !in_turn() || !fails(FAULT_TURN_TRAP | FAULT_TURN_SPIN)) return;
    if (calls & FAULT_TURN_TRAP) __builtin_trap();
    time_t end = time(NULL) + 30;
    while (time(NULL) < end && __atomic_load_n(&page->calls, __ATOMIC_SEQ_CST)) continue;
}

extern void *__libc_malloc(size_t size);

void *malloc(size_t size) {
    int calls = page ? __atomic_load_n(&page->calls, __ATOMIC_SEQ_CST) : 0;
    if (calls & FAULT_MALLOC && fails(FAULT_MALLOC)) return NULL;
    fail_turn(calls);
    return __libc_malloc(size);
}

// A sanitizer brings a malloc of its own, which does not fail, and tells of each call.
static void on_malloc(const volatile void *memory, size_t size) {
    if (memory && size) fail_turn(__atomic_load_n(&page->calls, __ATOMIC_SEQ_CST));
}

static void on_free(const volatile void *memory) { (void)memory; }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS");
    if (path) page = faults_map(path);
    if (getenv("FAULTS_FILES")) ours = getenv("FAULTS_FILES");
    int (*install)(void (*)(const volatile void *, size_t), void (*)(const volatile void *)) =
        dlsym(RTLD_DEFAULT, "__sanitizer_install_malloc_and_free_hooks");
    if (page && install) install(on_malloc, on_free);
}
