// The fuzz target on its corpus, and on every prefix and single-byte change of it, as an ordinary test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> corpus() {
  std::vector<Bytes> all;
  for (const auto& entry : std::filesystem::directory_iterator(PACKLINK_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return all;
}

TEST(PacklinkFuzz, CorpusHoldsNoSurprise) {
  ASSERT_GE(corpus().size(), 15u);
  for (const Bytes& input : corpus()) EXPECT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0);
}

TEST(PacklinkFuzz, PrefixesAndSingleByteChangesOfTheCorpusHoldNone) {
  for (const Bytes& input : corpus()) {
    for (std::size_t size = 0; size < input.size(); ++size) LLVMFuzzerTestOneInput(input.data(), size);
    for (std::size_t i = 0; i < input.size(); ++i) {
      for (const int value : {0, 1, 0x7F, 0xFF}) {
        Bytes changed = input;
        changed[i] = static_cast<std::uint8_t>(value);
        LLVMFuzzerTestOneInput(changed.data(), changed.size());
      }
    }
  }
}

}  // namespace
