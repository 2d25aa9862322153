#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <bit>
#include <cstring>
#include <limits>

#include "tests/sim/trace/example_trace.h"

namespace packbench::sim {
namespace {

std::string hash_of(const SignalLayout& layout, const std::vector<std::vector<double>>& rows,
                    TimeNs step = test::kStep) {
  Trace trace(layout, {}, "run", {});
  for (std::size_t i = 0; i < rows.size(); ++i) trace.append(static_cast<TimeNs>(i) * step, rows[i]);
  trace.finish();
  return trace.hash();
}

std::vector<std::vector<double>> example_rows(const SignalLayout& layout, int count) {
  std::vector<std::vector<double>> rows;
  for (int row = 0; row < count; ++row) rows.push_back(test::example_row(layout, row));
  return rows;
}

void put(std::string& out, std::uint64_t word) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(word >> (8 * i) & 0xff);
}

// The serialisation as sim/trace/README.md words it, byte by byte.
std::string serialised(const SignalLayout& layout, const std::vector<std::vector<double>>& rows) {
  std::string out = "packbench-trace-1\n";
  for (const SignalSpec& spec : signal_table()) {
    out += spec.full_name() + " " + std::string(spec.unit) + " " + std::to_string(layout.count(spec.id)) + "\n";
  }
  out += "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    put(out, i * static_cast<std::uint64_t>(test::kStep));
    for (const double value : rows[i]) {
      put(out, std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
    }
  }
  return out;
}

std::string sha256(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", byte);
    hex += pair;
  }
  return hex;
}

TEST(TraceHash, IsTheSha256OfTheDocumentedSerialisation) {
  const SignalLayout layout(4, 2);
  for (const int count : {0, 1, 255, 256, 257, 700}) {
    const auto rows = example_rows(layout, count);
    EXPECT_EQ(hash_of(layout, rows), sha256(serialised(layout, rows))) << count << " rows";
  }
}

TEST(TraceHash, DoesNotSeeTheSignOfZeroNorThePayloadOfNaN) {
  const SignalLayout layout(4, 2);
  auto rows = example_rows(layout, 3);
  const std::string before = hash_of(layout, rows);
  rows[1][3] = 0.0;
  rows[0][0] = std::bit_cast<double>(std::uint64_t{0xfff0000000001234});
  EXPECT_EQ(hash_of(layout, rows), before);
}

TEST(TraceHash, SeesEveryBitOfEveryValueAndTime) {
  const SignalLayout layout(1, 1);
  const auto rows = example_rows(layout, 2);
  const std::string before = hash_of(layout, rows);
  for (std::size_t column = 0; column < rows[1].size(); ++column) {
    auto changed = rows;
    changed[1][column] = std::nextafter(changed[1][column], 1e9);
    EXPECT_NE(hash_of(layout, changed), before) << "column " << column;
  }
  EXPECT_NE(hash_of(layout, rows, test::kStep + 1), before);
}

TEST(TraceHash, TellsPacksOfDifferentCellCountsApart) {
  EXPECT_NE(hash_of(SignalLayout(15, 4), {}), hash_of(SignalLayout(14, 4), {}));
}

TEST(TraceHash, IsTheSameWithAndWithoutFiles) {
  const test::TemporaryFolder folder;
  const SignalLayout layout(15, 4);
  Trace trace(layout, folder.path(), "run", {"scenario", "inproc:", {{"packbench", "1"}}});
  test::append_example(trace, layout, 300);
  trace.finish();
  EXPECT_EQ(trace.hash(), hash_of(layout, example_rows(layout, 300)));
}

}  // namespace
}  // namespace packbench::sim
