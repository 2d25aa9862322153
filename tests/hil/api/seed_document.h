// The given API document (device-api.txt, kept word for word): its example bodies.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace packbench::hil::api::test {

inline std::string seed_text() {
  std::ifstream file(PACKBENCH_SEED_DOCUMENT);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().empty()) throw std::runtime_error("no document at " PACKBENCH_SEED_DOCUMENT);
  return text.str();
}

// From the brace at `at` to its partner.
inline std::string braces_at(const std::string& text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    if (depth == 0) return text.substr(at, i - at + 1);
  }
  throw std::runtime_error("unbalanced braces in the document");
}

// The bodies after "RESPONSE EXAMPLE", in order: telemetry, devices, add device.
inline std::vector<std::string> seed_responses() {
  const std::string text = seed_text();
  std::vector<std::string> bodies;
  for (std::size_t at = 0; (at = text.find("RESPONSE EXAMPLE", at)) != std::string::npos; ++at) {
    bodies.push_back(braces_at(text, text.find('{', at)));
  }
  return bodies;
}

inline std::string seed_request() {
  const std::string text = seed_text();
  return braces_at(text, text.find('{', text.find("--data")));
}

// Without white space outside strings.
inline std::string squeezed(const std::string& json) {
  std::string out;
  bool inside = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"' && (i == 0 || json[i - 1] != '\\')) inside = !inside;
    if (inside || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) out.push_back(c);
  }
  return out;
}

}  // namespace packbench::hil::api::test
