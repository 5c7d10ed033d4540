/* SPDX-License-Identifier: MIT */
/* How much a line means that some room has to say beside its result. Who prints it gives the line
 * its sign and its indentation. */
#pragma once

typedef enum {
  NOTE_INFO,    /* a line of its own */
  NOTE_WARNING, /* what a person should look at */
  NOTE_BACK,    /* something was put back as it was before */
  NOTE_HINT,    /* what can be done next; belongs to the line before it */
  NOTE_DETAIL,  /* more about what the line before it says */
} NoteLevel;
