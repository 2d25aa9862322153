#include "sim/mark.h"

namespace packbench::sim {

std::string Problem::text() const {
  std::string out = mark.file;
  if (mark.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(mark.line) + ':' + std::to_string(mark.column);
  }
  if (!out.empty()) out += ": ";
  if (!path.empty()) out += path + ": ";
  out += what;
  if (!expected.empty()) out += " (" + expected + ")";
  return out;
}

}  // namespace packbench::sim
