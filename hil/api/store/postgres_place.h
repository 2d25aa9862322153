// Where a PostgreSQL database is: the URI of the store, checked so that no message can show its password.
#pragma once

#include <string>

namespace packbench::hil::api {

struct PostgresPlace {
  std::string uri;
  std::string name;  // for people: "database packbench on db.example:5432", never a user or a password
};

bool is_postgres_uri(const std::string& uri);  // "postgresql://..." or "postgres://..."

// Everything that libpq takes in a URI: several hosts, sslmode, service, options. Throws std::invalid_argument with a
// sentence. libpq's own complaints about a URI quote it, and with a '@' or '/' of a password left as it is they take
// parts of it for a host: neither comes out of here.
PostgresPlace parse_postgres_uri(const std::string& uri);

}  // namespace packbench::hil::api
