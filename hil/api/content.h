// What a request says of bodies: the answer's type that it accepts and the type of its own.
#pragma once

#include "hil/api/http_message.h"

namespace packbench::hil::api {

void check_accept(const Request& request);   // throws 406 unless JSON is accepted
void check_content(const Request& request);  // throws 415 unless the body is plain JSON in UTF-8
bool prefers_problem_json(const Request& request);

}  // namespace packbench::hil::api
