/* SPDX-License-Identifier: MIT */
/* One field of an object that --json prints, each in a line. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* A string, what is not UTF-8 in it (a file's name) made so; null for NULL. */
void json_add_text(json_t *object, const char *name, const char *text);
void json_add_bool(json_t *object, const char *name, gboolean value);
/* null where it is not `known`. */
void json_add_bool_if(json_t *object, const char *name, gboolean known, gboolean value);
void json_add_int(json_t *object, const char *name, gint64 number);
/* A string of an array, as json_add_text() makes it. */
void json_add_item(json_t *array, const char *text);
