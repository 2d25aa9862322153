#include "hil/api/store/postgres.h"

namespace packbench::hil::api {
namespace {

constexpr std::uint32_t kBytes = 17, kInteger = 20;  // types of PostgreSQL's catalogue: bytea, int8

template <class Number>
void append(std::string& out, Number value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
  }
}

// Of one dimension: dimensions, whether there are nulls, type of the elements, their number, the first index; then each
// with its length before it.
std::string array_head(std::uint32_t type, std::size_t count) {
  std::string out;
  for (const std::uint32_t word : {1U, 1U, type, static_cast<std::uint32_t>(count), 1U}) append(out, word);
  return out;
}

}  // namespace

PostgresParameters& PostgresParameters::bind(std::int64_t value) {
  append(values_.emplace_back("").value(), value);
  return *this;
}

PostgresParameters& PostgresParameters::bind(std::string_view bytes) {
  values_.emplace_back(bytes);
  return *this;
}

PostgresParameters& PostgresParameters::bind(std::optional<std::int64_t> value) {
  if (value) return bind(*value);
  values_.emplace_back(std::nullopt);
  return *this;
}

PostgresParameters& PostgresParameters::bind(std::span<const std::optional<std::int64_t>> values) {
  std::string out = array_head(kInteger, values.size());
  for (const auto& value : values) {
    append(out, value ? std::uint32_t{sizeof *value} : ~std::uint32_t{0});
    if (value) append(out, *value);
  }
  values_.emplace_back(std::move(out));
  return *this;
}

PostgresParameters& PostgresParameters::bind(std::span<const std::string_view> values) {
  std::string out = array_head(kBytes, values.size());
  for (const std::string_view value : values) {
    append(out, static_cast<std::uint32_t>(value.size()));
    out += value;
  }
  values_.emplace_back(std::move(out));
  return *this;
}

}  // namespace packbench::hil::api
