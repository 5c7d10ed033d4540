/* SPDX-License-Identifier: MIT */
/* Where a plugin's bytes come from: the commit that stands in the stamp of a deploy. */
#pragma once

/* The commit of the CI job (GITHUB_SHA, CI_COMMIT_SHA, …, where CI is set), else the HEAD of the
 * git checkout that `file` lies in, read from .git without running git; NULL where there is
 * neither. Owned by the caller. */
char *source_commit(const char *file);
