// What is being worked, noted where it outlives the process (see the header). The page is a file, mapped: writing to it is
// writing to memory, and what was written is there after the process has ended, however it did.

#include "CLoopShim.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAGIC = 0x44425431, SLOTS = CTURN_SLOTS, REFUSED = 96, BYTES = 4096, ALTERNATE_STACK = 64 << 10 };

struct mark {
    int64_t conversation; // 0 for none
    uint64_t digest;
    uint32_t cause;
    uint32_t number; // counts up with every turn
};

struct cturn_page {
    uint32_t magic;
    uint32_t next; // where the next refused one goes
    struct mark refused[REFUSED];
    struct mark working[SLOTS];
};
_Static_assert(sizeof(struct cturn_page) <= BYTES, "the marks fit into a page");

// The slot of this thread and the clock of its processor time.
static _Thread_local struct mark *mine;
static clockid_t clocks[SLOTS];
static int has_clock[SLOTS];

// Guards what is refused, which every loop looks at and any may change.
static pthread_mutex_t refusals = PTHREAD_MUTEX_INITIALIZER;

static int known(const cturn_page *page, const struct mark *mark) {
    for (int i = 0; i < REFUSED; i++) {
        const struct mark *refused = &page->refused[i];
        if (refused->conversation == mark->conversation && refused->digest == mark->digest) return 1;
    }
    return 0;
}

cturn_page *cturn_open(const char *path) {
    int descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return NULL;
    if (ftruncate(descriptor, BYTES) != 0) {
        close(descriptor);
        return NULL;
    }
    cturn_page *page = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page == MAP_FAILED) return NULL;
    if (page->magic != MAGIC) {
        memset(page, 0, sizeof *page);
        page->magic = MAGIC;
    }
    page->next %= REFUSED;
    // Whoever was killed from outside left a mark without a cause: its message is innocent.
    for (int i = 0; i < SLOTS; i++) {
        struct mark *mark = &page->working[i];
        if (mark->conversation && mark->cause && !known(page, mark)) {
            page->refused[page->next] = *mark;
            page->next = (page->next + 1) % REFUSED;
        }
        memset(mark, 0, sizeof *mark);
    }
    return page;
}

int cturn_refusals(const cturn_page *page) {
    int count = 0;
    pthread_mutex_lock(&refusals);
    for (int i = 0; i < REFUSED; i++) count += page->refused[i].conversation != 0;
    pthread_mutex_unlock(&refusals);
    return count;
}

int cturn_refused(const cturn_page *page, int64_t conversation, uint64_t digest) {
    int elsewhere = 0, cause = 0;
    pthread_mutex_lock(&refusals);
    for (int i = 0; i < REFUSED && !cause; i++) {
        const struct mark *refused = &page->refused[i];
        if (refused->digest != digest || !refused->conversation) continue;
        if (refused->conversation == conversation || elsewhere) cause = (int)refused->cause;
        elsewhere = 1;
    }
    pthread_mutex_unlock(&refusals);
    return cause;
}

void cturn_forget(cturn_page *page, int64_t conversation) {
    pthread_mutex_lock(&refusals);
    for (int i = 0; i < REFUSED; i++)
        if (page->refused[i].conversation == conversation) memset(&page->refused[i], 0, sizeof page->refused[i]);
    pthread_mutex_unlock(&refusals);
}

void cturn_begin(cturn_page *page, int slot, int64_t conversation, uint64_t digest) {
    struct mark *mark = &page->working[slot % SLOTS];
    if (mine != mark) {
        mine = mark;
        has_clock[slot % SLOTS] = pthread_getcpuclockid(pthread_self(), &clocks[slot % SLOTS]) == 0;
        // A stack that has run over leaves no room for a handler.
        stack_t stack = {.ss_sp = malloc(ALTERNATE_STACK), .ss_size = ALTERNATE_STACK};
        if (stack.ss_sp) sigaltstack(&stack, NULL);
    }
    mark->digest = digest;
    __atomic_store_n(&mark->number, mark->number + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&mark->conversation, conversation, __ATOMIC_RELEASE);
}

void cturn_end(cturn_page *page, int slot) {
    __atomic_store_n(&page->working[slot % SLOTS].conversation, 0, __ATOMIC_RELEASE);
}

// Notes that the turn of this thread ends the process, and lets it end.
static void trapped(int number) {
    if (mine && mine->conversation) mine->cause = CTURN_TRAP;
    signal(number, SIG_DFL);
    raise(number);
}

static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};

struct watch {
    cturn_page *page;
    double seconds;
};

static double processor_time(int slot) {
    struct timespec time;
    if (!has_clock[slot] || clock_gettime(clocks[slot], &time) != 0) return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Looks four times a second. Only processor time counts: a process that was stopped, or waits for others, is not at fault.
static void *look(void *argument) {
    struct watch watch = *(struct watch *)argument;
    free(argument);
    uint32_t seen[SLOTS] = {0};
    double since[SLOTS] = {0};
    while (1) {
        struct timespec pause = {0, 250000000};
        nanosleep(&pause, NULL);
        for (int i = 0; i < SLOTS; i++) {
            struct mark *mark = &watch.page->working[i];
            uint32_t number = __atomic_load_n(&mark->number, __ATOMIC_RELAXED);
            if (!__atomic_load_n(&mark->conversation, __ATOMIC_ACQUIRE)) {
                seen[i] = 0;
                continue;
            }
            if (seen[i] != number) {
                seen[i] = number;
                since[i] = processor_time(i);
                continue;
            }
            if (processor_time(i) - since[i] < watch.seconds) continue;
            mark->cause = CTURN_SLOW;
            static const char line[] = "error turn.too_long\n";
            if (write(2, line, sizeof line - 1) < 0) _exit(CTURN_EXIT);
            _exit(CTURN_EXIT);
        }
    }
    return NULL;
}

int cturn_watch(cturn_page *page, double seconds) {
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        struct sigaction action = {.sa_handler = trapped, .sa_flags = SA_ONSTACK | SA_NODEFER};
        sigaction(fatal[i], &action, NULL);
    }
    struct watch *watch = malloc(sizeof *watch);
    pthread_t thread;
    if (!watch) return -1;
    *watch = (struct watch){page, seconds};
    if (pthread_create(&thread, NULL, look, watch) != 0) {
        free(watch);
        return -1;
    }
    pthread_detach(thread);
    return 0;
}
