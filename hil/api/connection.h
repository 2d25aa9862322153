// The client's connection: sends one request, returns its answer, reconnects when the server has closed in between.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "hil/api/http_message.h"

namespace packbench::hil::api {

// Where an API is: "http://host:port/path" taken apart.
struct Endpoint {
  std::string host, port, path;  // path without a slash at its end

  std::string authority() const;  // "host:port", the host in brackets when it is a v6 address
};

// Throws std::invalid_argument with a sentence for another form, and for https.
Endpoint parse_endpoint(const std::string& url);

struct Reply {
  Response response;
  std::string error;  // a sentence when there is no response
};

class Connection {
 public:
  Connection(Endpoint endpoint, std::chrono::milliseconds timeout);
  ~Connection();

  Reply exchange(const Request& request);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
