/* SPDX-License-Identifier: MIT */
#include "redact.h"

#include "error.h"

#include <string.h>

/* As a run that knows `secret` (may be NULL). */
static void
check(const char *text, const char *secret, const char *want)
{
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add(redactor, secret);
  g_autofree char *got = redactor_text(redactor, text);
  g_assert_cmpstr(got, ==, want);
  g_autofree char *again = redactor_text(redactor, got);
  g_assert_cmpstr(again, ==, want);
}

static void
same(const char *text, const char *secret)
{
  check(text, secret, text);
}

static void
test_values(void)
{
  check("key=hunter22, again hunter22", "hunter22", "key=***, again ***");
  check("'hunter22'hunter22", "hunter22", "'***'***");
  check("hunter22", "hunter22", "***");
  check("a pass word b", "pass word", "a *** b");
  check("密码hunter22错", "hunter22", "密码***错");
  check("密码很长很长很长啊。", "密码很长很长很长啊", "***。");
  check("(-hunter2-)", "-hunter2-", "(***)");
  same("", "hunter22");
  same("hunter22", "");
  same("hunter22", NULL);
}

static void
test_short_ones_and_parts_of_words(void)
{
  same("hunter2", "hunter2");
  same("xhunter22", "hunter22");
  same("hunter223", "hunter22");
  same("my_hunter22_filter", "hunter22");
  same("********", "********");
  check("xhunter22hunter22hunterx", "hunter22hunter22hunter", "x***x");
}

static void
test_escapes(void)
{
  check("'it\\'s \"so\"\\n1'", "it's \"so\"\n1", "'***'");
  check("\"it's \\\"so\\\"\\n1\"", "it's \"so\"\n1", "\"***\"");
  check("'\\\"it\\'s \\\\\\\"so\\\\\\\"\\\\n1\\\"'", "it's \"so\"\n1", "'\\\"***\\\"'");
  check("p=h%C3%A9llo%20w%2Bx%26&q", "héllo w+x&", "p=***&q");
  check("p=h%c3%a9llo+w%2bx%26&q", "héllo w+x&", "p=***&q");
  check("h%25C3%25A9llo%2520w%252Bx%2526", "héllo w+x&", "***");
  check("\"h\\u00e9llo w+x&\"", "héllo w+x&", "\"***\"");
  check("b'h\\xc3\\xa9llo w+x&'", "héllo w+x&", "b'***'");
  check("'h\\xe9llo w+x&'", "héllo w+x&", "'***'");
  check("\"\\ud83d\\ude00 smile\\ud83d\\ude00\"", "😀 smile😀", "\"***\"");
  check("'\\U0001f600 smile\\U0001f600'", "😀 smile😀", "'***'");
  check("'C:\\\\new\\\\table'", "C:\\new\\table", "'***'");
  check("C:\\new\\table", "C:\\new\\table", "***");
  check("a\\nhunter22\\n", "hunter22", "a\\n***\\n");
  check("a%20hunter22%20", "hunter22", "a%20***%20");
  check("50%ab-discount", "50%ab-discount", "***");
  check("50%25ab-discount", "50%ab-discount", "***");
}

static void
test_parts_count_for_themselves(void)
{
  check("got correct horse", "postgres://u:correct horse@h/db", "got ***");
  check("got abcdefgh12", "Bearer abcdefgh12", "got ***");
  check("line: MIIEpAIBAAKCAQEA", "-----BEGIN X-----\nMIIEpAIBAAKCAQEA\n-----END X-----",
        "line: ***");
}

static void
test_keys(void)
{
  check("Bearer sk-0123456789abcdef0123456789abcdef", NULL, "Bearer ***");
  check("'sk-0123456789abcdef'", NULL, "'***'");
  check("{\"k\":\"sk-0123456789abcdef\"}", "other", "{\"k\":\"***\"}");
  check("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.abc_-DEF", NULL, "***");
  check("é sk-0123456789abcdef é", NULL, "é *** é");
  check("ghp_0123456789abcdefABCDEF0123456789abcd.", NULL, "***.");
  check("xoxb-1234567890-abc", NULL, "***");
  check("AKIAIOSFODNN7EXAMPLE", NULL, "***");
  check("AUTHORIZATION: bearer  Abc.def~ghi/1=", NULL, "AUTHORIZATION: bearer  ***");
  check("Bearer abc1+def/ghi==", NULL, "Bearer ***");
  check("Bearer+abcdefg1", NULL, "Bearer+***");
  check("Bearer%20abcdefg1", NULL, "Bearer%20***");
  check("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb", NULL,
        "a\n***\nb");
}

static void
test_urls(void)
{
  check("http://me:pw@host/x", NULL, "http://***@host/x");
  check("see http://me@host, https://a:b@c.", NULL, "see http://***@host, https://***@c.");
  check("postgres://me:p/w#1@host/db", NULL, "postgres://***@host/db");
  check("u=http%3A%2F%2Fme%3Apw%40host%2Fx", NULL, "u=http%3A%2F%2F***%40host%2Fx");
  check("u=http%253A%252F%252Fme%253Apw%2540host", NULL, "u=http%253A%252F%252F***%2540host");
  check("\"https:\\/\\/me:pw@host\"", NULL, "\"https:\\/\\/***@host\"");
  same("https://host/@me", NULL);
  same("https://host/?mail=me@there", NULL);
  same("mail me@there", NULL);
  same("://me@there", NULL);
}

static void
test_leaves_alone(void)
{
  same("task-0123456789abcdef0123", NULL);
  same("sk-your", NULL);
  same("a sk- b", NULL);
  same("SK-0123456789abcdef0123", NULL);
  same("plugins/sk-learn-classifiers/main.py", NULL);
  same("Bearer authentication required", NULL);
  same("AKIAVELLI", NULL);
  same("d41d8cd98f00b204e9800998ecf8427e", NULL);
}

#define HEAD "1 validation error for Valves\n"
#define MORE "\n    For further information visit https://errors.pydantic.dev/2/v/x"

static void
pydantic(const char *text, const char *want)
{
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add_field(redactor, "n", FALSE);
  redactor_add_field(redactor, "m", FALSE);
  redactor_add_field(redactor, "pin", TRUE);
  redactor_add_field(redactor, "pin", FALSE);
  g_autofree char *got = redactor_text(redactor, text);
  g_assert_cmpstr(got, ==, want);
}

static void
test_pydantic(void)
{
  pydantic(HEAD "n\n  bad [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "n\n  bad [type=x, input_value='abc', input_type=str]" MORE);
  pydantic(HEAD "n.0\n  bad [type=x, input_value=5, input_type=int]" MORE,
           HEAD "n.0\n  bad [type=x, input_value=5, input_type=int]" MORE);
  pydantic(HEAD "pin\n  bad [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "pin\n  bad [type=x, input_value=***, input_type=str]" MORE);
  pydantic(HEAD "other\n  bad [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "other\n  bad [type=x, input_value=***, input_type=str]" MORE);
  pydantic(HEAD "n\n  bad [type=x, input_value={'pin': 'x'}, input_type=dict]" MORE,
           HEAD "n\n  bad [type=x, input_value=***, input_type=dict]" MORE);
  pydantic(HEAD "  bad [type=x, input_value={'pin': 'abc...'z': 1}, input_type=dict]" MORE,
           HEAD "  bad [type=x, input_value=***, input_type=dict]" MORE);
  pydantic(HEAD "pin\n  bad [type=x, input_value='a, input_type=str] b', input_type=str]" MORE,
           HEAD "pin\n  bad [type=x, input_value=***, input_type=str]" MORE);
  pydantic(HEAD "pin\n  bad [type=x, input_value=Odd(\n  a,\n]b), input_type=Odd]" MORE,
           HEAD "pin\n  bad [type=x, input_value=***, input_type=Odd]" MORE);
  pydantic("so: [ERROR: " HEAD "pin\n  bad [type=x, input_value='a', input_type=str]]",
           "so: [ERROR: " HEAD "pin\n  bad [type=x, input_value=***, input_type=str]]");
  pydantic("input_value='abc and no end", "input_value=***");
}

static void
test_several_errors(void)
{
  pydantic("2 validation errors for Valves\nn\n  a [type=x, input_value='a', input_type=str]" MORE
           "\nm\n  b [type=x, input_value='b', input_type=str]" MORE,
           "2 validation errors for Valves\nn\n  a [type=x, input_value='a', input_type=str]" MORE
           "\nm\n  b [type=x, input_value='b', input_type=str]" MORE);
}

/* A validator's own words that look like pydantic's do not make a field another one. */
static void
test_forged_fields(void)
{
  pydantic(HEAD "pin\n  bad\nn\n  x [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "pin\n  bad\nn\n  x [type=x, input_value=***, input_type=str]" MORE);
  pydantic(HEAD "pin\n  bad" MORE "\nn\n  x [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "pin\n  bad" MORE "\nn\n  x [type=x, input_value=***, input_type=str]" MORE);
  pydantic(HEAD "pin\n  y [type=x, input_value='1', input_type=str]" MORE
                "\nn\n  x [type=x, input_value='abc', input_type=str]" MORE,
           HEAD "pin\n  y [type=x, input_value=***, input_type=str]" MORE
                "\nn\n  x [type=x, input_value=***, input_type=str]" MORE);
}

static void
test_ids_stay(void)
{
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add(redactor, "my_filter");
  redactor_spare(redactor, "my_filter");
  g_autofree char *got = redactor_text(redactor, "owup diff my_filter");
  g_assert_cmpstr(got, ==, "owup diff my_filter");
}

/* What is shown of a long text ends in no half of a secret. */
static void
test_heads(void)
{
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add(redactor, "hunter22 hunter22");
  g_autofree char *cut = redactor_head(redactor, "abé hunter22 hunter22", 22, 3);
  g_assert_cmpstr(cut, ==, "ab");
  GString *text = g_string_new(NULL);
  while (text->len < 65536 - 3)
    g_string_append(text, "hunter22 hunter22 ");
  g_string_append(text, " hunter22 hunter22");
  g_autofree char *safe = redactor_head(redactor, text->str, text->len, 65536);
  g_assert_null(strstr(safe, "hun"));
  g_string_free(text, TRUE);
}

static void
test_errors(void)
{
  g_autoptr(Redactor) redactor = redactor_new();
  g_autoptr(GError) error = owup_error_new(OWUP_ERROR_REFUSED, "no hunter22 here");
  owup_error_set_detail(error, "'hunter22'");
  owup_error_set_hint(error, "try %%s hunter22");
  redactor_add(redactor, "hunter22");
  redactor_error(redactor, error);
  g_assert_cmpstr(error->message, ==, "no *** here");
  g_assert_cmpstr(owup_error_detail(error), ==, "'***'");
  g_assert_cmpstr(owup_error_hint(error), ==, "try %s ***");
}

static gpointer
work(gpointer data)
{
  g_autoptr(Redactor) redactor = redactor_ref(data);
  for (int i = 0; i < 200; i++) {
    g_autofree char *value = g_strdup_printf("value-%08d", i);
    redactor_add(redactor, value);
    g_autofree char *got = redactor_text(redactor, value);
    g_assert_cmpstr(got, ==, "***");
  }
  return NULL;
}

static void
test_threads(void)
{
  GThread *threads[4];
  g_autoptr(Redactor) redactor = redactor_new();
  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("redact", work, redactor);
  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/redact/values", test_values);
  g_test_add_func("/redact/short-ones-and-parts-of-words", test_short_ones_and_parts_of_words);
  g_test_add_func("/redact/escapes", test_escapes);
  g_test_add_func("/redact/parts-count-for-themselves", test_parts_count_for_themselves);
  g_test_add_func("/redact/keys", test_keys);
  g_test_add_func("/redact/urls", test_urls);
  g_test_add_func("/redact/leaves-alone", test_leaves_alone);
  g_test_add_func("/redact/pydantic", test_pydantic);
  g_test_add_func("/redact/several-errors", test_several_errors);
  g_test_add_func("/redact/forged-fields", test_forged_fields);
  g_test_add_func("/redact/ids-stay", test_ids_stay);
  g_test_add_func("/redact/heads", test_heads);
  g_test_add_func("/redact/errors", test_errors);
  g_test_add_func("/redact/threads", test_threads);
  return g_test_run();
}
