/* SPDX-License-Identifier: MIT */
/* What the files of this room know of a Watch. Only for them. */
#pragma once

#include "git_hold.h"
#include "run_command.h"
#include "watch.h"
#include "watch_folders.h"
#include "watch_project.h"
#include "watch_worker.h"
#include "watched_file.h"

struct Watch {
  const WatchHooks *hooks;
  gpointer data;
  RunCommand *run; /* NULL: no --run */
  gboolean no_check;
  gint64 since;
  char *server; /* NULL: not started yet */
  WatchedFiles *files;
  WatchFolders *folders;
  WatchProject *project; /* NULL: only the files that were added */
  WatchWorker *worker;
  GitHold *git;
  GQueue queue;         /* of WatchedFile: saved, and not sent yet */
  WatchedFile *running; /* NULL: the worker is idle, or looks */
  gint64 running_since; /* when it was written */
  gboolean writing;     /* its deploy is beyond the look */
  gboolean superseded;  /* when the watch was stopped, it had been saved again */
  guint check;
  guint retry;      /* 0: nothing waits for the server to come back */
  guint backoff_ms; /* 0: the server was there the last time */
  gboolean stopped;
  WatchCounts counts;
};

/* The file's save waits to be sent, once. */
void watch_enqueue(Watch *watch, WatchedFile *file);
/* It does no more. */
void watch_dequeue(Watch *watch, WatchedFile *file);
/* Sends what waits, if nothing is on its way. */
void watch_pump(Watch *watch);

/* Those that were refused for an id that another had, and have it alone now, wait to be sent. */
void watch_free_twins(Watch *watch);
/* A file that came: is it the one that another was? Then that is told, and TRUE. */
gboolean watch_tell_moved(Watch *watch, WatchedFile *file);
