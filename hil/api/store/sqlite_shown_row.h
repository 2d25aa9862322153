// A row as `show` gets it (sqlite_show.h), for the time of one call; columns as of a Statement.
//
// Read in place: who includes this knows SQLite.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packbench::hil::api {

class ShownRow {
 public:
  explicit ShownRow(sqlite3_value** values) : values_(values) {}

  std::int64_t integer(int column) const { return sqlite3_value_int64(values_[column]); }
  std::optional<std::int64_t> optional_integer(int column) const {
    const std::int64_t value = integer(column);  // of NULL 0
    if (value == 0 && sqlite3_value_type(values_[column]) == SQLITE_NULL) return std::nullopt;
    return value;
  }
  std::string text(int column) const { return std::string(view(column)); }
  std::string_view view(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(values_[column]));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(values_[column]))};
  }

 private:
  sqlite3_value** values_;
};

}  // namespace packbench::hil::api
