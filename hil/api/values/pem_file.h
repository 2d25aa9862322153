// Why a PEM file cannot be used.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

namespace packbench::hil::api {

// As the end of a sentence, without its stop: that the file cannot be read, holds no `wanted` ("certificate"), or is
// the key of another certificate; else what OpenSSL says. `error` is what boost::asio::ssl made of that.
std::string pem_trouble(const std::string& file, const std::string& wanted, const boost::system::error_code& error);

}  // namespace packbench::hil::api
