#include "hil/api/probe/findings.h"

namespace packbench::hil::api::probe {

void Findings::about(std::string_view device) { device_ = shown(device); }

void Tally::note(const std::string& where, const std::string& what) {
  if (what.empty()) return;
  if (count_++ == 0) first_ = where + " " + what;
}

void Tally::report(Findings& findings) const {
  if (count_ == 0) return findings.pass(check_, when_none_);
  const std::string more = count_ > 1 ? " (and " + std::to_string(count_ - 1) + " more like it)" : "";
  findings.add(check_, grade_, first_ + more + ".");
}

std::string shown(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text.substr(0, most)) out.push_back(c >= ' ' && c < 0x7F ? c : '?');
  return text.size() > most ? out + "..." : out;
}

}  // namespace packbench::hil::api::probe
