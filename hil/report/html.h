// report.html: one page without any reference to the outside. Its parts lie in page/ and are put together here.
#pragma once

#include <string>

#include "hil/run_result.h"

namespace packbench::hil {

std::string html_text(const SessionResult& session);

}  // namespace packbench::hil
