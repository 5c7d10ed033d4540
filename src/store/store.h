/* SPDX-License-Identifier: MIT */
/* A thin, typed layer over SQLite: the only file that includes sqlite3.h.
 *
 * store_open(), then queries and transactions, at last store_close(). A Store belongs to one thread
 * at a time; every thread that needs the same file at the same time opens its own. Several
 * processes may use one file at once (write-ahead log, ten seconds of patience with each other's
 * writes). What is committed survives a killed process; a power cut may take the last commits but
 * never leaves half of one.
 *
 *   g_autoptr(StoreTransaction) transaction = store_begin(store, error);
 *   g_autoptr(StoreQuery) query = store_query(store, "SELECT a FROM t WHERE b = ?1", error);
 *   store_query_bind_text(query, 1, "x");
 *   while ((step = store_query_step(query, error)) == STORE_ROW)
 *     use(store_query_text(query, 0));
 *   ... return step == STORE_DONE && store_commit(transaction, error);
 *
 * All errors are OWUP_ERROR_LOCAL_STATE and name the file: damaged, from a newer owup, disk full,
 * not writable, in use for too long.
 */
#pragma once

#include <glib.h>

typedef struct Store Store;
typedef struct StoreQuery StoreQuery;
typedef struct StoreTransaction StoreTransaction;

/* Opens `path`, making it (0600) where it is missing, not its folder; NULL: a database in memory
 * that ends with the Store. `migrations` are SQL scripts, NULL-terminated: number i takes a
 * database from version i to i+1, and PRAGMA user_version holds how many were run; never change
 * one that was released. They run in one transaction. A file of a higher version is refused. */
Store *store_open(const char *path, const char *const *migrations, GError **error);
/* The same for reading only: makes nothing; the file must be there. Works in a folder that cannot
 * be written. A file of a lower version is brought up to date where it can be written, else an
 * error.
 */
Store *store_open_readonly(const char *path, const char *const *migrations, GError **error);
/* Closing then leaves the log (FILE-wal, FILE-shm) beside the file until it holds more than `size`
 * bytes, instead of folding it in each time: for a file that is opened for one small write again
 * and again, this saves three waits for the disk each time. */
void store_keep_log(Store *store, gint64 size);
/* Every query and transaction of it must be gone. NULL does nothing. */
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* One or several statements without values and results. */
gboolean store_run(Store *store, const char *sql, GError **error);

/* Prepares one statement, with ?1, ?2 ... for values. Owned by the caller. What was prepared is
 * kept for the next query of the same text: few and constant ones, no values in them. */
StoreQuery *store_query(Store *store, const char *sql, GError **error);
void store_query_free(StoreQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreQuery, store_query_free)

/* Set value number `index` (from 1). A NULL pointer is SQL's NULL. Text is copied, bytes are
 * referenced. They cannot fail by themselves: the next store_query_step() tells. A NULL query is
 * passed over. */
void store_query_bind_int(StoreQuery *query, int index, gint64 value);
void store_query_bind_text(StoreQuery *query, int index, const char *text);
void store_query_bind_bytes(StoreQuery *query, int index, GBytes *bytes);

typedef enum { STORE_ROW, STORE_DONE, STORE_FAILED } StoreStep;

/* Goes to the next row. */
StoreStep store_query_step(StoreQuery *query, GError **error);
/* Goes to the end, for statements whose rows do not matter. */
gboolean store_query_finish(StoreQuery *query, GError **error);

/* Column `column` (from 0) of the row. Text is owned by `query` until its next step, NULL for SQL's
 * NULL; bytes are a copy that the caller owns, NULL for SQL's NULL. */
gint64 store_query_int(StoreQuery *query, int column);
const char *store_query_text(StoreQuery *query, int column);
GBytes *store_query_bytes(StoreQuery *query, int column);

/* Begins a transaction that already holds the right to write, so that it cannot fail half-way
 * because of another process. One at a time. */
StoreTransaction *store_begin(Store *store, GError **error);
/* FALSE: nothing of it was stored. */
gboolean store_commit(StoreTransaction *transaction, GError **error);
/* What was committed, by any Store of this process, is on the disk when it returns: a power cut
 * does not take it. Threads that ask for it at once share one wait. */
gboolean store_sync(Store *store, GError **error);
/* Takes back what was not committed. */
void store_transaction_free(StoreTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTransaction, store_transaction_free)
