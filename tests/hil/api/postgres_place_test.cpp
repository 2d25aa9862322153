// URIs of PostgreSQL, and messages that never show their password.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hil/api/store/postgres_place.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api::test {
namespace {

TEST(PostgresPlaceTest, NamesTheDatabaseAndNotTheUser) {
  EXPECT_EQ(parse_postgres_uri("postgresql://me:s3cret@db.example:5433/bench?sslmode=require").name,
            "database bench on db.example:5433");
  EXPECT_EQ(parse_postgres_uri("postgres:///bench?host=/run/postgresql").name, "database bench on /run/postgresql");
  EXPECT_EQ(parse_postgres_uri("postgresql://").name, "the default database");
}

// Characters of a password that were not encoded make libpq take parts of it for a host or a port.
TEST(PostgresPlaceTest, NoRefusalShowsAPassword) {
  for (const std::string uri :
       {"postgresql://me:s3@cret@db/bench", "postgresql://me:s3/cret@db/bench", "postgresql://me:s3?cret@db/bench",
        "postgresql://me:s3:cret@db/bench", "postgresql://me:s3cret%zz@db/bench",
        "postgresql://me:s3cret@db:s3cret/bench", "postgresql://me:s3cret/bench", "postgresql://me:s3cret@[db/bench",
        "postgresql://me:s3cret@db/bench?cret=s3cret", "postgressql://me:s3cret@db/bench", "s3cret"}) {
    try {
      open_store(uri);
      ADD_FAILURE() << uri << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("cret"))) << uri;
      EXPECT_THAT(error.what(), testing::HasSubstr("is not understood"));
    }
  }
}

TEST(PostgresPlaceTest, IsNoFileAndStays) {
  EXPECT_EQ(store_file("postgresql://db/bench"), "");
  EXPECT_TRUE(store_stays("postgresql://db/bench"));
  EXPECT_TRUE(store_stays("sqlite:file"));
  EXPECT_FALSE(store_stays("sqlite::memory:"));
}

}  // namespace
}  // namespace packbench::hil::api::test
