// The findings of a probe while they are made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hil/api/probe/probe.h"

namespace packbench::hil::api::probe {

class Findings {
 public:
  explicit Findings(std::vector<Finding>& all) : all_(all) {}

  // The findings that follow are about this device; empty: about none.
  void about(std::string_view device);
  void pass(std::string check, std::string text) { add(std::move(check), Grade::pass, std::move(text)); }
  void warn(std::string check, std::string text) { add(std::move(check), Grade::warn, std::move(text)); }
  void fail(std::string check, std::string text) { add(std::move(check), Grade::fail, std::move(text)); }
  void skip(std::string check, std::string text) { add(std::move(check), Grade::skip, std::move(text)); }
  void add(std::string check, Grade grade, std::string text) {
    all_.push_back({std::move(check), device_, grade, std::move(text)});
  }

 private:
  std::vector<Finding>& all_;
  std::string device_;
};

// What one law found in many places: how often, and the first place in words.
class Tally {
 public:
  Tally(std::string check, Grade when_found, std::string when_none)
      : check_(std::move(check)), grade_(when_found), when_none_(std::move(when_none)) {}

  // What a law says of one place; empty: nothing.
  void note(const std::string& where, const std::string& what);
  void report(Findings& findings) const;
  bool found() const { return count_ > 0; }

 private:
  std::string check_;
  Grade grade_;
  std::string when_none_, first_;
  std::size_t count_ = 0;
};

// Foreign text for people: control characters and bytes beyond ASCII as '?', cut.
std::string shown(std::string_view text, std::size_t most = 120);

}  // namespace packbench::hil::api::probe
