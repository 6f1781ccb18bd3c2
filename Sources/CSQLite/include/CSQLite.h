// The functions of SQLite with variable arguments, which Swift cannot call.
#ifndef SWIFTCHAT_CSQLITE_H
#define SWIFTCHAT_CSQLITE_H

#include <stdbool.h>

// SQLITE_CONFIG_MEMSTATUS: SQLite no longer counts its memory, which took a lock at each allocation. Call before the
// first connection of the process is opened; returns false if it is too late, and changes nothing then.
bool csqlite_disable_memory_statistics(void);

#endif
