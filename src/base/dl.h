/* SPDX-License-Identifier: MIT */
/* Shared libraries that only some commands need, loaded by the first of them: what is linked is
 * loaded by all, and a library with forty others behind it takes longer than most commands do.
 *
 * A library has a header and a source of its own, with the list of what is called of it:
 *
 *   #define X_FUNCTIONS(each) each(x_open) each(x_close)    header
 *   X_FUNCTIONS(DL_DECLARE)                                 header: sym_x_open, sym_x_close
 *   X_FUNCTIONS(DL_DEFINE)                                  source
 *   DL_NOTE("libx.so.1", "drawing", "Drawing lines", "recommended")
 *   static const DlFunction functions[] = {X_FUNCTIONS(DL_ENTRY){NULL}};
 *
 * What is called is sym_x_open, a pointer of x_open()'s type. Where the program is built with
 * -Dlibraries=linked the pointers are constants, nothing is looked up, and the linker notes in the
 * program what it needs. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;
  gpointer pointer; /* where its address goes: &sym_NAME */
} DlFunction;

typedef struct {
  const char *soname;
  const char *package;         /* the Debian package that holds it */
  const DlFunction *functions; /* the last has no name; none: it is linked */
  void (*set_up)(void);        /* called once it is there; or NULL */
  gboolean loaded;             /* dl_load()'s own */
} DlLibrary;

/* Loads `library`, at the first call, for as long as the process runs; any thread may call, and the
 * others wait. FALSE with OWUP_ERROR_LOCAL_STATE: there is no such library (the hint names its
 * package), or its version lacks one of the functions. None of them may be called then. */
gboolean dl_load(DlLibrary *library, GError **error);

#ifdef OWUP_LIBRARIES_LINKED

#define DL_DECLARE(name) G_GNUC_UNUSED static __typeof__(name) *const sym_##name = name;
#define DL_DEFINE(name)
#define DL_ENTRY(name)
#define DL_NOTE(soname, feature, description, priority)

#else

#define DL_DECLARE(name) extern __typeof__(name) *sym_##name;
#define DL_DEFINE(name) __typeof__(name) *sym_##name;
#define DL_ENTRY(name) {#name, &sym_##name},

/* Says in the program's file that it loads a library, for those who make packages of it: `readelf
 * --notes`, or Debian's dh_dlopenlibdeps. Format: "ELF dlopen metadata" of the UAPI group. Priority
 * is "required", "recommended" or "suggested". One for each source. */
#define DL_NOTE(soname, feature, description, priority)                                            \
  DL_NOTE_OF("[{\"soname\":[\"" soname "\"],\"feature\":\"" feature                                \
             "\",\"description\":\"" description "\",\"priority\":\"" priority "\"}]")
#define DL_NOTE_OF(json)                                                                           \
  __attribute__((used, section(".note.dlopen"), aligned(4))) static const struct {                 \
    guint32 name_size, text_size, type;                                                            \
    char name[4];                                                                                  \
    _Alignas(4) char text[sizeof(json)];                                                           \
  } dl_note = {sizeof "FDO", sizeof(json), 0x407c0c0a, "FDO", json};

#endif
