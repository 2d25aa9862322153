// Why an exchange with a Device API failed, as a sentence for whoever is to mend it.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "hil/api/client/connection.h"

namespace packbench::hil::api {

// How far an exchange had come.
enum class Stage { resolving, connecting, securing, exchanging };

// `certificate`: what is wrong with the one that was shown, empty when that was not the trouble.
Reply failed_reply(Stage stage, const boost::system::error_code& error, const std::string& certificate,
                   const Endpoint& endpoint, const ConnectionOptions& options);

}  // namespace packbench::hil::api
