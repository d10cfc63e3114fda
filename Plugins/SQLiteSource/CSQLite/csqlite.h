/* csqlite.h: the system's SQLite library, as a module. */
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

#endif
