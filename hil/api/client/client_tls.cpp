#include "hil/api/client/client_tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>
#include <ctime>
#include <stdexcept>

#include "hil/api/values/pem_file.h"

namespace packbench::hil::api {
namespace {

std::optional<std::int64_t> end_of(const SSL* session) {
  X509* certificate = SSL_get1_peer_certificate(session);
  if (!certificate) return std::nullopt;
  std::tm when{};
  const bool good = ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) == 1;
  X509_free(certificate);
  return good ? std::optional(static_cast<std::int64_t>(timegm(&when)) * 1000) : std::nullopt;
}

std::string what_to_do(long result) {
  switch (result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return " Name a file with it by --ca to trust it.";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return " Name a file with the certificate of its authority by --ca to trust it.";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return " It was made for another host: reach the API under a name that is in it.";
    default:
      return "";
  }
}

}  // namespace

void trust(boost::asio::ssl::context& context, const ConnectionOptions& options) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  boost::system::error_code error;
  options.ca_file.empty() ? context.set_default_verify_paths(error) : context.load_verify_file(options.ca_file, error);
  if (error)
    throw std::invalid_argument("The certificates of " + options.ca_file +
                                " cannot be used: " + pem_trouble(options.ca_file, "certificate", error) + ".");
}

void expect_host(SSL* session, const std::string& host, bool verify) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(session, host.c_str());
  SSL_set_verify(session, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!verify) return;
  no_address ? SSL_set1_host(session, host.c_str())
             : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
}

std::string certificate_trouble(const SSL* session) {
  const long result = SSL_get_verify_result(session);
  return result == X509_V_OK ? "" : std::string(X509_verify_cert_error_string(result)) + "." + what_to_do(result);
}

TlsFacts tls_facts(const SSL* session) { return {SSL_get_version(session), end_of(session)}; }

}  // namespace packbench::hil::api
