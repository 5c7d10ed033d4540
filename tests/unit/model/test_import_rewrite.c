/* SPDX-License-Identifier: MIT */
#include "import_rewrite.h"

#include <string.h>

static void
check(const char *in, const char *want)
{
  g_autoptr(GBytes) text = g_bytes_new_static(in, strlen(in));
  g_autoptr(GBytes) out = import_rewrite(text);
  g_assert_cmpmem(g_bytes_get_data(out, NULL), g_bytes_get_size(out), want, strlen(want));
  if (strcmp(in, want) == 0)
    g_assert_true(out == text);
}

static void
test_replaces(void)
{
  check("from utils.misc import x", "from open_webui.utils.misc import x");
  check("# from config and from main\n'from apps'",
        "# from open_webui.config and from open_webui.main\n'from open_webui.apps'");
  check("from utilsx", "from open_webui.utilsx");
  check("xfrom main", "xfrom open_webui.main");
  check("from from utils", "from from open_webui.utils");
  check("from utils from utils", "from open_webui.utils from open_webui.utils");
}

static void
test_leaves_alone(void)
{
  check("", "");
  check("from", "from");
  check("from ", "from ");
  check("from util", "from util");
  check("from open_webui.utils import x", "from open_webui.utils import x");
  check("from  utils import x", "from  utils import x");
  check("From utils import x", "From utils import x");
  check("from\tutils", "from\tutils");
}

static void
test_nothing(void)
{
  g_autoptr(GBytes) text = g_bytes_new(NULL, 0);
  g_autoptr(GBytes) out = import_rewrite(text);
  g_assert_true(out == text);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rewrite/replaces", test_replaces);
  g_test_add_func("/rewrite/leaves-alone", test_leaves_alone);
  g_test_add_func("/rewrite/nothing", test_nothing);
  return g_test_run();
}
