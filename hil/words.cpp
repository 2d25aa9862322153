#include "hil/words.h"

#include "sim/vocabulary.h"

namespace packbench::hil {

std::string fault_words(std::uint64_t faults) {
  std::string text;
  for (int code = 0; code < 64; ++code) {
    if (((faults >> code) & 1u) == 0) continue;
    text += (text.empty() ? "" : ", ") + sim::word_of(sim::Vocabulary::fault, code);
  }
  return text.empty() ? "none" : text;
}

}  // namespace packbench::hil
