/* SPDX-License-Identifier: MIT */
/* Being a user who may not write everywhere. */
#pragma once

#include <grp.h>
#include <unistd.h>

/* In a child: gives up root's rights, to which no folder is read-only. */
static inline void
drop_rights(void)
{
  if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
    _exit(9);
}
