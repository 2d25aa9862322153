// What the service keeps of a request whose answer comes later.
#pragma once

#include "hil/api/service/exchange.h"
#include "hil/api/service/route.h"

namespace packbench::hil::api {

// The change that it wants.
struct Service::Pending {
  Change change;
  std::function<Response(const Changed&)> answer;
  std::function<void()> read_rest;  // of the change
};

// The work that it makes.
struct Service::Long {
  Work work;
  Exchange exchange;
  Answer answer;
};

}  // namespace packbench::hil::api
