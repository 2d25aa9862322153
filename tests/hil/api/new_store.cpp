#include "new_store.h"

#include <stdlib.h>

#include <filesystem>

#include "postgres_server.h"

namespace packbench::hil::api::test {
namespace {

struct Folder {
  Folder() {
    char name[] = "/tmp/store_test_XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
  int files = 0;
};

bool on_postgres() {
  const char* const store = getenv("PACKBENCH_TEST_STORE");
  return store && std::string(store) == "postgresql";
}

const bool kReplaced = [] {
  if (on_postgres()) new_store = [] { return open_store(new_place()); };
  return on_postgres();
}();

}  // namespace

std::string new_place() {
  if (kReplaced) {
    static PostgresServer server;
    return server.new_place();
  }
  static Folder folder;
  return "sqlite:" + (folder.path / (std::to_string(++folder.files) + ".db")).string();
}

}  // namespace packbench::hil::api::test
