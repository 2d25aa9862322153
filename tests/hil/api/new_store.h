// Stores for tests that hold for every store: SQLite, or with PACKBENCH_TEST_STORE=postgresql, in a program that has
// new_store.cpp, a PostgreSQL server of its own.
#pragma once

#include <memory>
#include <string>

#include "hil/api/store/store.h"

namespace packbench::hil::api::test {

// The URI of an empty store, which may be opened several times; it goes with the program.
std::string new_place();
// An empty store for one user, in memory where it can be.
inline std::unique_ptr<Store> (*new_store)() = [] { return open_store("sqlite::memory:"); };

}  // namespace packbench::hil::api::test
