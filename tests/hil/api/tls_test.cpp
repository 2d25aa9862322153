// HTTPS: the certificate is shown, the old protocols are not spoken, and who never finishes a handshake waits alone.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <arpa/inet.h>

#include <array>
#include <fstream>
#include <memory>

#include "serve_process.h"

namespace packbench::hil::api::test {
namespace {

using testing::HasSubstr;

template <auto Free>
struct Freed {
  template <class Handle>
  void operator()(Handle* handle) const {
    Free(handle);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Stream = std::unique_ptr<SSL, Freed<SSL_free>>;

void write_key(EVP_PKEY& key, const std::string& file) {
  std::FILE* out = std::fopen(file.c_str(), "w");
  PEM_write_PrivateKey(out, &key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
}

// A certificate of "localhost" that signs itself, and its key, as PEM files.
void write_certificate(const std::string& certificate_file, const std::string& key_file) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  std::FILE* out = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(out, certificate.get());
  std::fclose(out);
  write_key(*key, key_file);
}

class Connected {
 public:
  explicit Connected(const std::string& url) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
  }
  ~Connected() { close(socket_); }
  int socket() const { return socket_; }
  std::string plain(const std::string& request) const {
    EXPECT_GT(write(socket_, request.data(), request.size()), 0);
    char bytes[4096];
    const ssize_t got = read(socket_, bytes, sizeof bytes);
    return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : "";
  }

 private:
  int socket_;
};

class Https : public Serve {
 protected:
  void SetUp() override {
    Serve::SetUp();
    certificate = folder / "certificate.pem";
    write_certificate(certificate, folder / "key.pem");
  }
  std::vector<std::string> arguments() const {
    return on_free_port({"--tls-cert", certificate, "--tls-key", folder / "key.pem"});
  }
  // The answer over TLS, whose certificate must be the one that was written; empty when there is no handshake. The
  // client shows the certificate of `client`, where that is named.
  std::string ask(const std::string& url, const std::string& path, int newest = TLS1_3_VERSION) {
    const Connected connected(url);
    const Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_max_proto_version(context.get(), newest);
    SSL_CTX_load_verify_locations(context.get(), certificate.c_str(), nullptr);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (!client.empty()) {
      SSL_CTX_use_certificate_file(context.get(), (folder / (client + ".pem")).c_str(), SSL_FILETYPE_PEM);
      SSL_CTX_use_PrivateKey_file(context.get(), (folder / (client + "_key.pem")).c_str(), SSL_FILETYPE_PEM);
    }
    const Stream stream(SSL_new(context.get()));
    SSL_set1_host(stream.get(), "localhost");
    SSL_set_fd(stream.get(), connected.socket());
    if (SSL_connect(stream.get()) != 1) return "";
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: h\r\nApiKey: " + kServeKey + "\r\nConnection: close\r\n\r\n";
    SSL_write(stream.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char bytes[4096];
    for (int got = 0; (got = SSL_read(stream.get(), bytes, sizeof bytes)) > 0;)
      answer.append(bytes, static_cast<std::size_t>(got));
    EXPECT_TRUE(answer.empty() || (SSL_get_shutdown(stream.get()) & SSL_RECEIVED_SHUTDOWN) != 0);  // no truncation
    return answer;
  }
  // What the server says until there is this in a line.
  static std::string wait_for(Process& process, const std::string& text) {
    std::string line;
    do line = process.line();
    while (!line.empty() && line.find(text) == std::string::npos);
    return line;
  }
  std::string certificate, client;
};

TEST_F(Https, ServesTheApiOverTls12And13) {
  Process process(arguments(), kServeKey);
  const std::string url = process.url();
  EXPECT_THAT(url, testing::StartsWith("https://127.0.0.1:"));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string answer = ask(url, "/v1/devices", version);
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200 OK")) << version;
    EXPECT_THAT(answer, HasSubstr("Strict-Transport-Security: max-age=31536000"));
    EXPECT_THAT(answer, HasSubstr(R"({"success":true,"data":[]})"));
  }
  EXPECT_EQ(ask(url, "/v1/devices", TLS1_1_VERSION), "");
  process.signal(SIGTERM);
  EXPECT_EQ(process.end().code, 0);
}

TEST_F(Https, ALongAnswerIsWhole) {
  Process process(arguments(), kServeKey);
  const std::string answer = ask(process.url(), "/openapi.json"), name = "Content-Length: ";
  const std::size_t header = answer.find("\r\n\r\n") + 4;
  ASSERT_GT(answer.size() - header, 40'000u);  // several records of TLS
  EXPECT_EQ(std::stoul(answer.substr(answer.find(name) + name.size())), answer.size() - header);
  EXPECT_TRUE(answer.substr(header).starts_with("{") && answer.ends_with("}"));
}

TEST_F(Https, TheClientTrustsOnlyACertificateThatIsKnownAndNamesTheHost) {
  Process process(arguments(), kServeKey);
  const std::string by_address = process.url();
  std::string by_name = by_address;
  by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
  EXPECT_TRUE(Client({.url = by_name, .key = kServeKey, .ca_file = certificate}).add_device(device()));
  for (const auto& [url, ca_file] : {std::pair(by_name, std::string()), {by_address, certificate}}) {
    const auto refused = Client({.url = url, .key = kServeKey, .ca_file = ca_file}).add_device(device());
    EXPECT_THAT(refused.error, HasSubstr("shows a certificate that is not accepted")) << url;
  }
  EXPECT_THROW(Client({.url = by_name, .key = kServeKey, .ca_file = "/nowhere"}), std::invalid_argument);
}

TEST_F(Https, NeitherPlainHttpNorAHalfHandshakeGetsAnywhereOrInTheWay) {
  Process process(arguments(), kServeKey);
  const std::string url = process.url();
  const Connected silent(url);
  EXPECT_THAT(Connected(url).plain("GET /v1/devices HTTP/1.1\r\nHost: h\r\n\r\n"), Not(HasSubstr("HTTP/1.1 200")));
  EXPECT_THAT(ask(url, "/v1/devices"), HasSubstr("200 OK"));
}

TEST_F(Https, WithItAnyAddressMayBeServed) {
  auto options = arguments();
  *std::ranges::find(options, "127.0.0.1:0") = "0.0.0.0:0";
  Process process(options, kServeKey);
  EXPECT_THAT(process.url(), testing::StartsWith("https://0.0.0.0:"));
}

TEST_F(Https, WhereClientsNeedACertificateOnlyOneOfTheAuthoritiesGetsIn) {
  write_certificate(folder / "known.pem", folder / "known_key.pem");  // its own authority
  write_certificate(folder / "stranger.pem", folder / "stranger_key.pem");
  auto options = arguments();
  options.insert(options.end(), {"--tls-client-ca", folder / "known.pem"});
  Process process(options, kServeKey);
  const std::string url = process.url();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const auto& [shown, good] : {std::pair("known", true), {"stranger", false}, {"", false}}) {
      client = shown;
      EXPECT_EQ(ask(url, "/v1/devices", version).find("HTTP/1.1 200 OK") == 0, good) << shown << " " << version;
      EXPECT_EQ(ask(url, "/healthz", version).find("HTTP/1.1 200 OK") == 0, good) << shown << " " << version;
    }
  }
}

TEST_F(Https, AnotherCertificateIsTakenUpOnSighupAndABrokenOneIsNot) {
  Process process(arguments(), kServeKey);
  const std::string url = process.url();
  EXPECT_THAT(ask(url, "/v1/devices"), HasSubstr("200 OK"));
  write_certificate(certificate, folder / "key.pem");
  EXPECT_EQ(ask(url, "/v1/devices"), "");  // the server shows the one before
  process.signal(SIGHUP);
  EXPECT_THAT(wait_for(process, "read anew"), HasSubstr("read anew"));
  EXPECT_THAT(ask(url, "/v1/devices"), HasSubstr("200 OK"));
  write_certificate(folder / "other.pem", folder / "key.pem");  // a key that does not belong to the certificate
  process.signal(SIGHUP);
  EXPECT_THAT(wait_for(process, "stays in use"), HasSubstr("cannot be used with the certificate"));
  EXPECT_THAT(ask(url, "/v1/devices"), HasSubstr("200 OK"));
  process.signal(SIGTERM);
  EXPECT_EQ(process.end().code, 0);
}

TEST_F(Https, AKeyOfAnotherCertificateIsExit3) {
  write_certificate(folder / "other.pem", folder / "key.pem");
  const Ended ended = run(arguments());
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.out, HasSubstr("cannot be used with the certificate"));
  EXPECT_THAT(ended.out, HasSubstr(": it is the key of another certificate."));
}

TEST_F(Https, AKeyOfAnotherKindThanTheCertificateIsExit3) {
  write_key(*Key(EVP_RSA_gen(2048)), folder / "key.pem");
  const Ended ended = run(arguments());
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.out, HasSubstr(": it is the key of another certificate."));
}

TEST_F(Https, AFileThatCannotBeUsedIsExit3WithTheReason) {
  const std::string none = folder / "none.pem", key = folder / "key.pem", text = folder / "text.pem";
  std::ofstream(text) << "neither\n";
  const std::string no_certificate = ": it holds no certificate in PEM (-----BEGIN ...).",
                    no_key = ": it holds no private key in PEM (-----BEGIN ...).";
  for (const auto& [certificate_file, key_file, authorities, why] :
       {std::array{none, key, std::string(), none + " cannot be used: No such file or directory."},
        {folder.string(), key, "", ": Is a directory."},
        {text, key, "", no_certificate},
        {"/dev/null", key, "", no_certificate},
        {key, key, "", no_certificate},
        {certificate, none, "", ": No such file or directory."},
        {certificate, text, "", no_key},
        {certificate, certificate, "", no_key},
        {certificate, key, none, none + " cannot be used: No such file or directory."},
        {certificate, key, text, no_certificate}}) {
    auto options = on_free_port({"--tls-cert", certificate_file, "--tls-key", key_file});
    if (!authorities.empty()) options.insert(options.end(), {"--tls-client-ca", authorities});
    const Ended ended = run(options);
    EXPECT_EQ(ended.code, 3) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr(why));
  }
}

}  // namespace
}  // namespace packbench::hil::api::test
