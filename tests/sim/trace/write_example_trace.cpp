// Writes the example trace of the tests to a folder, for readers in other languages.
#include <cstdio>

#include "tests/sim/trace/example_trace.h"

int main(int argc, char** argv) {
  using namespace packbench::sim;
  if (argc != 2) return 2;
  const SignalLayout layout(15, 4);
  Trace trace(layout, argv[1], "example", {"example", "inproc:", {}});
  test::append_example(trace, layout, 700);
  trace.finish();
  std::puts(trace.hash().c_str());
}
