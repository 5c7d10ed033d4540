/* SPDX-License-Identifier: MIT */
/* A program between owup and the terminal, as git has it. */
#pragma once

#include <stdio.h>

typedef struct Pager Pager;

/* Starts $PAGER, by default less where there is one, with LESS=FRX unless LESS is set. NULL where
 * there is none: stdout is no terminal, $PAGER is empty or "cat", or it cannot be started. Until
 * pager_close() Ctrl-C is the pager's alone. To be used while no other thread runs. */
Pager *pager_open(void);
/* What is written here, it shows. Owned by `pager`. */
FILE *pager_stream(Pager *pager);
/* Waits until the reader has had enough. */
void pager_close(Pager *pager);
