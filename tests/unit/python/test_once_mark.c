/* SPDX-License-Identifier: MIT */
/* What may be done only once a process, seen in a module's text. */
#include "once_mark.h"

#include <string.h>

#define BASE "from open_webui.internal.db import Base, get_db\n"

static void
test_marks(void)
{
  static const struct {
    const char *text, *mark;
  } cases[] = {
      {BASE "class Row(Base):\n    __tablename__ = \"rows\"\n    id = Column(Text)\n",
       "table 'rows'"},
      {BASE
       "class Row(Base):\n    __tablename__ = 'rows'\n    __table_args__ = {'extend_existing': "
       "True}\nclass Tools:\n    pass\n",
       NULL},
      {"from open_webui.internal.db import (\n    get_db,\n    Base as Shared,\n)\n"
       "class Row(Shared):\n    __tablename__ = 'r'\n\nx = 1\n",
       "table 'r'"},
      {BASE "rows = Table('rows', Base.metadata, Column('id', Text))\n", "table 'rows'"},
      {BASE "rows = Table('rows', Base.metadata, extend_existing=True)\n", NULL},
      {"Base = declarative_base()\nclass Row(Base):\n    __tablename__ = 'rows'\n", NULL},
      {BASE "def make():\n    class Row(Base):\n        __tablename__ = 'rows'\n", NULL},
      {"from prometheus_client import Counter\nCALLS = Counter('calls', 'Calls')\n",
       "metric 'calls'"},
      {"import prometheus_client\nclass Filter:\n    n = prometheus_client.Gauge(\"g\", '')\n",
       "metric 'g'"},
      {"from prometheus_client import Counter\nC = Counter('c', '', registry=mine)\n", NULL},
      {"from collections import Counter\nC = Counter('abc')\n", NULL},
      {"from prometheus_client import Counter\nclass Filter:\n    def __init__(self):\n"
       "        self.c = Counter('c', '')\n",
       NULL},
      {"import socket\ns = socket.socket()\ns.bind(('', 9000))\n", "a bound port"},
      {"import signal\nsignal.signal(signal.SIGTERM, stop)\n", "a signal handler"},
      {"import signal\nif __name__ == '__main__':\n    signal.signal(signal.SIGTERM, stop)\n",
       NULL},
      {"\"\"\"signal.signal(1)\"\"\"\nclass Filter:\n    def f(self): s.bind(1)\n    x = 1\n",
       NULL},
      {"class Filter:\n  x = (\n", NULL},
      {"", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *mark = once_mark_find(cases[i].text, strlen(cases[i].text));
    g_test_message("%s", cases[i].text);
    g_assert_cmpstr(mark, ==, cases[i].mark);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/once_mark/marks", test_marks);
  return g_test_run();
}
