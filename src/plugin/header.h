/* What a plugin's docstring shows beyond its values: whether it is a plugin's at all. */
#pragma once

#include "frontmatter.h"

#include <glib.h>

/* May a header stand in the text? Cheap; what it refuses declares nothing. */
gboolean header_mentioned(const char *text, gsize len);

/* Does the frontmatter declare a plugin, whatever the code says: a title, and another of the keys
 * that plugins have (version, author, requirements, ...)? A title alone is found in other texts. */
gboolean header_declares(const Frontmatter *frontmatter);
