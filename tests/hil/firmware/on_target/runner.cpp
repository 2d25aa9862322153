// Runs every test that registered and says what failed.
#include <memory>

#include "gtest/gtest.h"
#include "semihosting.h"

namespace testing {
namespace {

struct Entry {
  std::string suite, name;
  Factory make;
  Prepare prepare;
  const void* param;
};

std::vector<Entry>& entries() {
  static std::vector<Entry> all;
  return all;
}
std::vector<void (*)()>& expansions() {
  static std::vector<void (*)()> all;
  return all;
}

bool failed = false, fatal = false, skipped = false;

void run_body(Test& test) {
  test.SetUp();
  if (!fatal && !skipped) test.TestBody();
  test.TearDown();
}

void run(const Entry& entry) {
  failed = fatal = skipped = false;
  if (entry.prepare != nullptr) entry.prepare(entry.param);
  try {
    run_body(*std::unique_ptr<Test>(entry.make()));
  } catch (const std::exception& error) {
    failed = true;
    semihosting::write(std::string("threw: ") + error.what() + "\n");
  }
  if (failed) semihosting::write("FAILED " + entry.suite + "." + entry.name + "\n");
}

}  // namespace

bool Test::HasFailure() { return failed; }
bool Test::HasFatalFailure() { return fatal; }

void Failure::operator=(const Message& message) const {
  skipped = skipped || severity_ == Severity::skip;
  if (severity_ == Severity::skip) return;
  failed = true;
  fatal = fatal || severity_ == Severity::fatal;
  semihosting::write(std::string(file_) + ":" + std::to_string(line_) + ": " + what_ + " " + message.text() + "\n");
}

void add_test(const std::string& suite, const std::string& name, Factory make, Prepare prepare, const void* param) {
  entries().push_back({suite, name, make, prepare, param});
}

void add_expansion(void (*expand)()) { expansions().push_back(expand); }

int run_all_tests() {
  for (auto* expand : expansions()) expand();
  int bad = 0;
  for (const Entry& entry : entries()) {
    run(entry);
    bad += failed ? 1 : 0;
  }
  semihosting::write(std::to_string(entries().size()) + " tests, " + std::to_string(bad) + " failed\n");
  return bad == 0 && !entries().empty() ? 0 : 1;
}

}  // namespace testing
