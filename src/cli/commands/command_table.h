/* SPDX-License-Identifier: MIT */
/* The commands of the program. */
#pragma once

#include "command.h"

/* In the order of the help page; ends with NULL. */
extern const Command *const command_table[];

extern const Command command_bump;
extern const Command command_check;
extern const Command command_completion;
extern const Command command_delete;
extern const Command command_deploy;
extern const Command command_diff;
extern const Command command_disable;
extern const Command command_enable;
extern const Command command_help;
extern const Command command_history;
extern const Command command_list;
extern const Command command_pull;
extern const Command command_rollback;
extern const Command command_sandbox;
extern const Command command_status;
extern const Command command_trust;
extern const Command command_valves;
extern const Command command_version;
extern const Command command_watch;
