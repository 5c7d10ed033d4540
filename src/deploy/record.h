/* What a deploy leaves in the local history: the text it replaces, the open write, the text it
 * sent. */
#pragma once

#include "deployment.h"

/* Before a write: keeps what is replaced and commits the journal's row. FALSE: the outcome is
 * decided, since on a server without versions nothing else would keep them (--no-history goes on).
 */
gboolean record_begin(Deployment *d, JournalAction action, const char *batch);
/* After a verified write. A failure here is only worth a note: the
 * server has it. */
void record_done(Deployment *d);
/* The write was settled and repaired: the row goes. Without it the next owup settles it. */
void record_settled(Deployment *d);

/* The stamp for what this deploy sends. */
Stamp *record_stamp(const Deployment *d);
