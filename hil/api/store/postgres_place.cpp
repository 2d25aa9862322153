#include "hil/api/store/postgres_place.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace packbench::hil::api {
namespace {

constexpr std::string_view kForm =
    "The store's URI is not understood (expected postgresql://USER@HOST:PORT/DATABASE; in a user name or password "
    "write "
    "@ as %40, / as %2F, : as %3A and ? as %3F).";

std::string_view after_scheme(std::string_view uri) {
  for (const std::string_view scheme : {"postgresql://", "postgres://"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return {};
}

// At most one '@', before the path and the query; one ':' before it.
bool unambiguous(std::string_view rest) {
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos) return true;
  const std::string_view user = rest.substr(0, at);
  return rest.find('@', at + 1) == std::string_view::npos && user.find_first_of("/?") == std::string_view::npos &&
         std::ranges::count(user, ':') <= 1;
}

std::string value_of(const PQconninfoOption* options, std::string_view keyword) {
  for (const auto* option = options; option->keyword; ++option) {
    if (option->keyword == keyword) return option->val ? option->val : "";
  }
  return {};
}

std::string name_of(const PQconninfoOption* options) {
  const std::string database = value_of(options, "dbname"), port = value_of(options, "port");
  std::string host = value_of(options, "host");
  if (host.empty()) host = value_of(options, "hostaddr");
  std::string name = database.empty() ? "the default database" : "database " + database;
  if (!host.empty()) name += " on " + host + (port.empty() ? "" : ":" + port);
  return name;
}

}  // namespace

bool is_postgres_uri(const std::string& uri) {
  return uri.starts_with("postgresql://") || uri.starts_with("postgres://");
}

PostgresPlace parse_postgres_uri(const std::string& uri) {
  if (!is_postgres_uri(uri) || !unambiguous(after_scheme(uri))) throw std::invalid_argument(std::string(kForm));
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(uri.c_str(), &complaint),
                                                                             PQconninfoFree);
  PQfreemem(complaint);
  if (!options) throw std::invalid_argument(std::string(kForm));
  const std::string port = value_of(options.get(), "port");
  if (port.find_first_not_of("0123456789,") != std::string::npos) throw std::invalid_argument(std::string(kForm));
  return {uri, name_of(options.get())};
}

}  // namespace packbench::hil::api
