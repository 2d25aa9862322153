// QEMU's control line: the QEMU Machine Protocol, one JSON object a line.
#pragma once

#include <string>

#include "hil/transport/fd_transport.h"

namespace packbench::hil {

class Qmp {
 public:
  explicit Qmp(UniqueFd fd) : line_(std::move(fd), "QEMU closed its control line") {}

  // Takes the greeting. This and the next: empty when done, else a clause that says why not.
  std::string start();
  // Waits for the answer, and for the event where one is named. At most 30 s: a QEMU that cannot get rid of a byte of
  // the emulated line answers nobody.
  std::string run(const std::string& command, const std::string& event = "");

 private:
  std::string wait_for_answer(const std::string& command, const std::string& event, Deadline deadline);
  bool next_line(std::string& text, Deadline deadline);

  FdTransport line_;
  std::string received_;
};

}  // namespace packbench::hil
