// write_example_report FOLDER [RUNS]: the reports of the example session, or of a long one.
#include <cstdio>
#include <cstdlib>

#include "hil/report/report.h"
#include "tests/hil/report/example_session.h"

int main(int argc, char** argv) {
  using namespace packbench::hil;
  if (argc < 2) return 2;
  const SessionResult session = argc > 2 ? test::long_session(std::atoi(argv[2])) : test::example_session();
  const std::string error = write_reports(session, argv[1], std::nullopt);
  if (!error.empty()) std::fprintf(stderr, "%s\n", error.c_str());
  return error.empty() ? 0 : 1;
}
