#include "CSQLite.h"

#include <sqlite3.h>

bool csqlite_disable_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK; }

void csqlite_set_checkpoint_on_close(struct sqlite3 *connection, bool is_on) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_on ? 0 : 1, (int *)0);
}
