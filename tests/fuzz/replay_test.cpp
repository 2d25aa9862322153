// A fuzz target on its corpus, and on prefixes and single-byte changes of it, as an ordinary test with any compiler.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> corpus() {
  std::vector<Bytes> all;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return all;
}

void run(const Bytes& input) { EXPECT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0); }

// Places to cut or change: all of a short input, FUZZ_PLACES evenly spread ones of a long one.
std::vector<std::size_t> places(const Bytes& input) {
  const std::size_t stride = std::max<std::size_t>(1, input.size() / FUZZ_PLACES);
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < input.size(); at += stride) out.push_back(at);
  return out;
}

TEST(FUZZ_SUITE, CorpusHoldsNoSurprise) {
  ASSERT_FALSE(corpus().empty());
  for (const Bytes& input : corpus()) run(input);
}

TEST(FUZZ_SUITE, PrefixesOfTheCorpusHoldNone) {
  for (const Bytes& input : corpus()) {
    for (const std::size_t size : places(input))
      run(Bytes(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST(FUZZ_SUITE, SingleByteChangesOfTheCorpusHoldNone) {
  for (const Bytes& input : corpus()) {
    for (const std::size_t at : places(input)) {
      for (const int value : {0, 1, static_cast<int>('9'), 0x7F, 0xFF}) {
        Bytes changed = input;
        changed[at] = static_cast<std::uint8_t>(value);
        run(changed);
      }
    }
  }
}

}  // namespace
