/* SPDX-License-Identifier: MIT */
/* What came back, out of libcurl's hands. Of no use outside the http module. */
#pragma once

#include "http.h"
#include "http_libcurl.h"

/* Fills `answer`, which is all zero, from the transfer that `easy` has ended; takes `body` over,
 * NULL: none came. */
void http_answer_fill(HttpAnswer *answer, CURL *easy, GByteArray *body);
