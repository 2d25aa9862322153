#include "hil/api/store/sqlite_show.h"

#include <utility>

#include "hil/api/store/sqlite_shown_row.h"

namespace packbench::hil::api {

RowShow::RowShow(Database& database) {
  constexpr int kAnyCount = -1, kFlags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  const int result = sqlite3_create_function_v2(database.handle(), "show", kAnyCount, kFlags, this, &RowShow::show,
                                                nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) database.fail();
}

void RowShow::run(Statement& statement, const Visitor& visitor) {
  visitor_ = &visitor;
  try {
    statement.run();
  } catch (const SqliteError&) {
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    throw;
  }
}

// No exception may pass through SQLite.
void RowShow::show(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  auto& self = *static_cast<RowShow*>(sqlite3_user_data(context));
  try {
    (*self.visitor_)(ShownRow(values));
  } catch (...) {
    self.thrown_ = std::current_exception();
    sqlite3_result_error(context, "the visitor threw", -1);
  }
}

}  // namespace packbench::hil::api
