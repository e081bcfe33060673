// Calls of the system that fail when a test says so. The library is preloaded into the server (LD_PRELOAD); the two share a
// page of memory, the file that FAULTS names. FAULTS_FILES are words in the paths of the files whose calls fail; without
// it they are those of the event log.
#pragma once

#include <stdint.h>

enum {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_TRUNCATE = 4,
    FAULT_OPEN = 8,
    FAULT_READ = 16,
    FAULT_MALLOC = 32,    // there is no memory
    FAULT_TURN_TRAP = 64, // a turn traps
    FAULT_TURN_SPIN = 128, // a turn does not end (for half a minute)
    FAULT_THREAD = 256     // there is no thread
};

enum {
    FAULT_DIES = -1, // instead of an errno: the process is killed before the call
    FAULT_TEARS = -2 // the same, with half of what was to be written
};

struct faults {
    int32_t calls;     // which calls count: the sum of FAULT_…; 0 for none
    int32_t countdown; // so many more of them go well
    int32_t failures;  // so many then fail; -1 for all
    int32_t error;     // with this errno, or FAULT_DIES, FAULT_TEARS
    int32_t hits;      // so many have failed
    int32_t clock;     // seconds by which the wall clock is wrong
};

/// Maps the page of a file, which is made; NULL when it can't.
struct faults *faults_map(const char *path);
