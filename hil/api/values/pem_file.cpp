#include "hil/api/values/pem_file.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace packbench::hil::api {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Why not a byte can be read; 0 where one can, or the file is empty.
int reading_error(const std::string& name) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(name.c_str(), "rb"));
  if (!file) return errno;
  return std::fgetc(file.get()) == EOF && std::ferror(file.get()) != 0 ? errno : 0;
}

bool is_another_key(int library, int reason) {
  return library == ERR_LIB_X509 && (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH);
}

bool is_no_pem(int library, int reason) {
  return (library == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE) || library == ERR_LIB_OSSL_DECODER ||
         (library == ERR_LIB_X509 && reason == X509_R_NO_CERTIFICATE_OR_CRL_FOUND);
}

}  // namespace

std::string pem_trouble(const std::string& file, const std::string& wanted, const boost::system::error_code& error) {
  if (const int unread = reading_error(file)) return std::strerror(unread);
  const auto code = static_cast<unsigned long>(static_cast<unsigned>(error.value()));
  const int library = ERR_GET_LIB(code), reason = ERR_GET_REASON(code);
  if (is_another_key(library, reason)) return "it is the key of another certificate";
  if (is_no_pem(library, reason)) return "it holds no " + wanted + " in PEM (-----BEGIN ...)";
  return error.message();
}

}  // namespace packbench::hil::api
