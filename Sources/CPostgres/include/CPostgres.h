// PostgreSQL's client library, loaded when it is first needed.
//
// Linking it would load about 24 libraries at every start of the program, also where no database is used. Its header is
// not needed either: the functions below have the signatures of libpq, whose ABI has been stable since version 5.
//
// Call no other function before `cpq_load` has returned NULL.

#ifndef CPOSTGRES_H
#define CPOSTGRES_H

#include <stddef.h>
#include <stdint.h>

typedef struct pg_conn cpq_connection;
typedef struct pg_result cpq_result;
typedef struct pg_cancel cpq_cancel;
typedef uint32_t cpq_oid;

enum {
  CPQ_CONNECTION_OK = 0,
};

// Values of PostgresPollingStatusType.
enum {
  CPQ_POLLING_FAILED = 0,
  CPQ_POLLING_READING = 1,
  CPQ_POLLING_WRITING = 2,
  CPQ_POLLING_OK = 3,
};

// Values of ExecStatusType.
enum {
  CPQ_EMPTY_QUERY = 0,
  CPQ_COMMAND_OK = 1,
  CPQ_TUPLES_OK = 2,
  CPQ_FATAL_ERROR = 7,
};

// Values of PGTransactionStatusType.
enum {
  CPQ_TRANSACTION_IDLE = 0,
};

// Fields of an error.
enum {
  CPQ_FIELD_SQLSTATE = 'C',
  CPQ_FIELD_MESSAGE = 'M',
  CPQ_FIELD_CONSTRAINT = 'n',
};

// Loads the library, once. May be called from any thread, and repeatedly.
// Returns NULL, or the reason of the dynamic linker or the name of a missing function; it is never freed.
const char *cpq_load(void);

// Tries to load a library under another name, without using it. For tests.
// Returns 1 if it could be loaded; otherwise the reason is in the buffer, as a terminated string.
int cpq_can_load(const char *name, char *reason, size_t size);

// Connecting. `keywords` and `values` end with NULL; `dbname` may be a URL. Errors of the server are reported with
// their SQLSTATE, which libpq tells in no other way before there is a connection.
cpq_connection *cpq_start_connecting(const char *const *keywords, const char *const *values);
// Returns one of the values of PostgresPollingStatusType.
int cpq_continue_connecting(cpq_connection *connection);
void cpq_finish(cpq_connection *connection);
int cpq_is_ok(const cpq_connection *connection);
// Whether the server asked for a password and there was none.
int cpq_needs_password(const cpq_connection *connection);
const char *cpq_error_message(const cpq_connection *connection);
int cpq_socket(const cpq_connection *connection);
int cpq_backend_pid(const cpq_connection *connection);
int cpq_server_version(const cpq_connection *connection);
int cpq_transaction_status(const cpq_connection *connection);
const char *cpq_parameter(const cpq_connection *connection, const char *name);
int cpq_set_nonblocking(cpq_connection *connection);
// Notices of the server go nowhere instead of to standard error.
void cpq_silence(cpq_connection *connection);
// Returns 1 if a text is a valid URL or connection string.
int cpq_is_valid(const char *text);
// Copies the value of a keyword in a valid URL or connection string, as a terminated string.
// Returns 0 if it has none, or none of this size.
int cpq_option(const char *text, const char *keyword, char *value, size_t size);

// Sending. Each returns 1 on success.
int cpq_send_query(cpq_connection *connection, const char *sql);
int cpq_send_prepare(
    cpq_connection *connection, const char *name, const char *sql, int count, const cpq_oid *types);
int cpq_send_query_params(
    cpq_connection *connection, const char *sql, int count, const cpq_oid *types, const char *const *values,
    const int *lengths, const int *formats, int result_format);
int cpq_send_query_prepared(
    cpq_connection *connection, const char *name, int count, const char *const *values, const int *lengths,
    const int *formats, int result_format);
// 0: everything was sent; 1: more remains; -1: failed.
int cpq_flush(cpq_connection *connection);

// Receiving.
int cpq_consume_input(cpq_connection *connection);
int cpq_is_busy(cpq_connection *connection);
cpq_result *cpq_get_result(cpq_connection *connection);
// Removes the notifications that have arrived, and returns their number.
int cpq_take_notices(cpq_connection *connection);

// Results.
void cpq_clear(cpq_result *result);
int cpq_result_status(const cpq_result *result);
const char *cpq_error_field(const cpq_result *result, int field);
int cpq_row_count(const cpq_result *result);
int cpq_is_null(const cpq_result *result, int row, int column);
const char *cpq_value(const cpq_result *result, int row, int column);
int cpq_length(const cpq_result *result, int row, int column);
const char *cpq_changed_rows(cpq_result *result);

// Cancelling, from any thread.
cpq_cancel *cpq_get_cancel(cpq_connection *connection);
void cpq_cancel_query(cpq_cancel *cancel);
void cpq_free_cancel(cpq_cancel *cancel);

#endif
