/* SPDX-License-Identifier: MIT */
/* Deleting a plugin and seeing that it is gone: the server says yes to a missing id too. */
#pragma once

#include "client.h"

/* TRUE only where a read then found nothing. A delete whose answer was lost is not sent again, only
 * polled for some seconds. Between client_begin_write() and client_end_write(). */
gboolean confirmed_delete(Client *client, Cancel *cancel, Family family, const char *id,
                          GError **error);
