/* SPDX-License-Identifier: MIT */
#include "command_table.h"

const Command *const command_table[] = {
    &command_deploy,   &command_watch,      &command_check,  &command_list,    &command_history,
    &command_rollback, &command_bump,       &command_status, &command_diff,    &command_pull,
    &command_enable,   &command_disable,    &command_valves, &command_delete,  &command_trust,
    &command_sandbox,  &command_completion, &command_help,   &command_version, NULL,
};
