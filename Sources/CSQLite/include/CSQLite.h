// The functions of SQLite with variable arguments, which Swift cannot call.
#ifndef SWIFTCHAT_CSQLITE_H
#define SWIFTCHAT_CSQLITE_H

#include <stdbool.h>

// SQLITE_CONFIG_MEMSTATUS: SQLite no longer counts its memory, which took a lock at each allocation. Call before the
// first connection of the process is opened; returns false if it is too late, and changes nothing then.
bool csqlite_disable_memory_statistics(void);

struct sqlite3;

// SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE: whether the last connection to a database carries the write-ahead log over into it
// when it closes, as SQLite does unless told otherwise.
void csqlite_set_checkpoint_on_close(struct sqlite3 *connection, bool is_on);

#endif
