#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The functions of libpq that are used, each with its result and parameters.
#define FUNCTIONS(X) \
  X(cpq_connection *, PQconnectStartParams, (const char *const *, const char *const *, int)) \
  X(int, PQconnectPoll, (cpq_connection *)) \
  X(int, PQsetErrorVerbosity, (cpq_connection *, int)) \
  X(int, PQconnectionNeedsPassword, (const cpq_connection *)) \
  X(void, PQfinish, (cpq_connection *)) \
  X(int, PQstatus, (const cpq_connection *)) \
  X(char *, PQerrorMessage, (const cpq_connection *)) \
  X(int, PQsocket, (const cpq_connection *)) \
  X(int, PQbackendPID, (const cpq_connection *)) \
  X(int, PQserverVersion, (const cpq_connection *)) \
  X(int, PQtransactionStatus, (const cpq_connection *)) \
  X(const char *, PQparameterStatus, (const cpq_connection *, const char *)) \
  X(int, PQsetnonblocking, (cpq_connection *, int)) \
  X(void *, PQsetNoticeReceiver, (cpq_connection *, void (*)(void *, const cpq_result *), void *)) \
  X(void *, PQconninfoParse, (const char *, char **)) \
  X(void, PQconninfoFree, (void *)) \
  X(void, PQfreemem, (void *)) \
  X(int, PQsendQuery, (cpq_connection *, const char *)) \
  X(int, PQsendPrepare, (cpq_connection *, const char *, const char *, int, const cpq_oid *)) \
  X(int, PQsendQueryParams, \
    (cpq_connection *, const char *, int, const cpq_oid *, const char *const *, const int *, const int *, int)) \
  X(int, PQsendQueryPrepared, \
    (cpq_connection *, const char *, int, const char *const *, const int *, const int *, int)) \
  X(int, PQflush, (cpq_connection *)) \
  X(int, PQconsumeInput, (cpq_connection *)) \
  X(int, PQisBusy, (cpq_connection *)) \
  X(cpq_result *, PQgetResult, (cpq_connection *)) \
  X(void, PQclear, (cpq_result *)) \
  X(int, PQresultStatus, (const cpq_result *)) \
  X(char *, PQresultErrorField, (const cpq_result *, int)) \
  X(int, PQntuples, (const cpq_result *)) \
  X(int, PQgetisnull, (const cpq_result *, int, int)) \
  X(char *, PQgetvalue, (const cpq_result *, int, int)) \
  X(int, PQgetlength, (const cpq_result *, int, int)) \
  X(char *, PQcmdTuples, (cpq_result *)) \
  X(void *, PQnotifies, (cpq_connection *)) \
  X(cpq_cancel *, PQgetCancel, (cpq_connection *)) \
  X(int, PQcancel, (cpq_cancel *, char *, int)) \
  X(void, PQfreeCancel, (cpq_cancel *))

#define DECLARE(result, name, parameters) static result(*name) parameters;
FUNCTIONS(DECLARE)

#ifdef __APPLE__
// Homebrew keeps the library out of the linker's path.
static const char *const names[] = {
    "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib", NULL};
#else
static const char *const names[] = {"libpq.so.5", NULL};
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512] = "the library was not loaded";

static void *open_library(const char *name, char *reason, size_t size) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library) return library;
  const char *text = dlerror();
  snprintf(reason, size, "%s", text ? text : "unknown reason");
  return NULL;
}

static void load(void) {
  void *library = NULL;
  char reason[512] = "";
  for (const char *const *name = names; *name && !library; name++) {
    // The reason of the first name is the useful one.
    char other[512];
    library = open_library(*name, name == names ? reason : other, sizeof reason);
  }
  if (!library) {
    memcpy(failure, reason, sizeof failure);
    return;
  }
#define FIND(result, name, parameters) \
  *(void **)&name = dlsym(library, #name); \
  if (!name) { \
    snprintf(failure, sizeof failure, "the library has no function %s", #name); \
    return; \
  }
  FUNCTIONS(FIND)
  failure[0] = 0;
}

const char *cpq_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}

int cpq_can_load(const char *name, char *reason, size_t size) {
  void *library = open_library(name, reason, size);
  if (!library) return 0;
  dlclose(library);
  return 1;
}

cpq_connection *cpq_start_connecting(const char *const *keywords, const char *const *values) {
  cpq_connection *connection = PQconnectStartParams(keywords, values, 1);
  // PQERRORS_VERBOSE
  if (connection) PQsetErrorVerbosity(connection, 2);
  return connection;
}

int cpq_continue_connecting(cpq_connection *connection) { return PQconnectPoll(connection); }

void cpq_finish(cpq_connection *connection) { PQfinish(connection); }
int cpq_is_ok(const cpq_connection *connection) { return PQstatus(connection) == CPQ_CONNECTION_OK; }
int cpq_needs_password(const cpq_connection *connection) { return PQconnectionNeedsPassword(connection); }
const char *cpq_error_message(const cpq_connection *connection) { return PQerrorMessage(connection); }
int cpq_socket(const cpq_connection *connection) { return PQsocket(connection); }
int cpq_backend_pid(const cpq_connection *connection) { return PQbackendPID(connection); }
int cpq_server_version(const cpq_connection *connection) { return PQserverVersion(connection); }
int cpq_transaction_status(const cpq_connection *connection) { return PQtransactionStatus(connection); }

const char *cpq_parameter(const cpq_connection *connection, const char *name) {
  return PQparameterStatus(connection, name);
}

int cpq_take_notices(cpq_connection *connection) {
  int count = 0;
  for (void *notice = PQnotifies(connection); notice; notice = PQnotifies(connection)) {
    PQfreemem(notice);
    count++;
  }
  return count;
}

int cpq_set_nonblocking(cpq_connection *connection) { return PQsetnonblocking(connection, 1) == 0; }

static void ignore(void *context, const cpq_result *result) {
  (void)context;
  (void)result;
}

void cpq_silence(cpq_connection *connection) { PQsetNoticeReceiver(connection, ignore, NULL); }

int cpq_is_valid(const char *text) {
  char *message = NULL;
  void *options = PQconninfoParse(text, &message);
  // The message may quote the password.
  if (message) PQfreemem(message);
  if (!options) return 0;
  PQconninfoFree(options);
  return 1;
}

// PQconninfoOption
struct option {
  char *keyword, *variable, *compiled, *value, *label, *display;
  int size;
};

int cpq_option(const char *text, const char *keyword, char *value, size_t size) {
  struct option *options = PQconninfoParse(text, NULL);
  if (!options) return 0;
  int found = 0;
  for (struct option *option = options; option->keyword && !found; option++) {
    if (strcmp(option->keyword, keyword) || !option->value) continue;
    found = snprintf(value, size, "%s", option->value) < (int)size;
  }
  PQconninfoFree(options);
  return found;
}

int cpq_send_query(cpq_connection *connection, const char *sql) { return PQsendQuery(connection, sql); }

int cpq_send_prepare(
    cpq_connection *connection, const char *name, const char *sql, int count, const cpq_oid *types) {
  return PQsendPrepare(connection, name, sql, count, types);
}

int cpq_send_query_params(
    cpq_connection *connection, const char *sql, int count, const cpq_oid *types, const char *const *values,
    const int *lengths, const int *formats, int result_format) {
  return PQsendQueryParams(connection, sql, count, types, values, lengths, formats, result_format);
}

int cpq_send_query_prepared(
    cpq_connection *connection, const char *name, int count, const char *const *values, const int *lengths,
    const int *formats, int result_format) {
  return PQsendQueryPrepared(connection, name, count, values, lengths, formats, result_format);
}

int cpq_flush(cpq_connection *connection) { return PQflush(connection); }
int cpq_consume_input(cpq_connection *connection) { return PQconsumeInput(connection); }
int cpq_is_busy(cpq_connection *connection) { return PQisBusy(connection); }
cpq_result *cpq_get_result(cpq_connection *connection) { return PQgetResult(connection); }

void cpq_clear(cpq_result *result) { PQclear(result); }
int cpq_result_status(const cpq_result *result) { return PQresultStatus(result); }
const char *cpq_error_field(const cpq_result *result, int field) { return PQresultErrorField(result, field); }
int cpq_row_count(const cpq_result *result) { return PQntuples(result); }
int cpq_is_null(const cpq_result *result, int row, int column) { return PQgetisnull(result, row, column); }
const char *cpq_value(const cpq_result *result, int row, int column) { return PQgetvalue(result, row, column); }
int cpq_length(const cpq_result *result, int row, int column) { return PQgetlength(result, row, column); }
const char *cpq_changed_rows(cpq_result *result) { return PQcmdTuples(result); }

cpq_cancel *cpq_get_cancel(cpq_connection *connection) { return PQgetCancel(connection); }

void cpq_cancel_query(cpq_cancel *cancel) {
  char message[256];
  PQcancel(cancel, message, sizeof message);
}

void cpq_free_cancel(cpq_cancel *cancel) { PQfreeCancel(cancel); }
