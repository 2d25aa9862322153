#include "postgres_server.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace packbench::hil::api::test {
namespace {

// The newest version that is installed.
std::filesystem::path programs() {
  std::filesystem::path newest;
  int version = 0;
  const std::filesystem::path all = "/usr/lib/postgresql";
  if (!std::filesystem::exists(all)) throw std::runtime_error("PostgreSQL is not installed (package postgresql).");
  for (const auto& entry : std::filesystem::directory_iterator(all)) {
    const int number = std::atoi(entry.path().filename().c_str());
    if (number > version && std::filesystem::exists(entry.path() / "bin/initdb")) {
      version = number, newest = entry.path() / "bin";
    }
  }
  return newest;
}

// Whose rights the server has: PostgreSQL refuses root's.
const passwd* other_user() {
  if (getuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  return user ? user : getpwnam("nobody");
}

// And stays the owner of its files in /proc.
bool become(const passwd* user) {
  if (!user) return true;
  return setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0;
}

}  // namespace

PostgresServer::PostgresServer(PostgresOptions options) : options_(std::move(options)) {
  char name[] = "/tmp/postgres_XXXXXX";
  folder_ = mkdtemp(name);
  data_ = options_.data.empty() ? folder_ / "data" : options_.data;
  if (const passwd* user = other_user(); user && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("The folder of the server cannot be given to its user.");
  }
  if (options_.data.empty()) {
    run("initdb", {"-D", data_, "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync",
                   "--no-instructions", "--wal-segsize=1"});
  }
  start();
}

PostgresServer::~PostgresServer() {
  stop(SIGQUIT);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

pid_t PostgresServer::spawn(const std::string& program, std::vector<std::string> arguments, int output) {
  static const std::filesystem::path folder = programs();
  const std::string path = folder / program;
  arguments.insert(arguments.begin(), path);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const passwd* const user = other_user();
  const pid_t parent = getpid(), child = fork();
  if (child != 0) return child;
  dup2(output, 1), dup2(output, 2);
  const auto prepare = [&] { return program != "postgres" || !options_.prepare || options_.prepare(); };
  if (chdir(folder_.c_str()) == 0 && become(user) && prepare() && prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 &&
      getppid() == parent) {
    execv(path.c_str(), argv.data());
  }
  _exit(127);
}

void PostgresServer::run(const std::string& program, std::vector<std::string> arguments) {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t child = spawn(program, std::move(arguments), nowhere);
  close(nowhere);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error(program + " failed");
}

void PostgresServer::start() {
  std::vector<std::string> settings{"listen_addresses=",
                                    "fsync=" + std::string(options_.fsync ? "on" : "off"),
                                    "unix_socket_directories=" + folder_.string(),
                                    "shared_buffers=16MB",
                                    "max_wal_size=64MB",
                                    "min_wal_size=4MB"};
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  std::vector<std::string> arguments{"-D", data_};
  for (const std::string& setting : settings) arguments.insert(arguments.end(), {"-c", setting});
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ended_ = false;
  log_.clear();
  pid_ = spawn("postgres", std::move(arguments), ends[1]);
  close(ends[1]);
  reader_ = std::thread([this, from = ends[0]] { read_log(from); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || log_.find("ready to accept") != std::string::npos; });
  if (!ended_) return;
  lock.unlock();
  stop();
  throw std::runtime_error("The PostgreSQL server does not start:\n" + log_);
}

// Until no process of the server holds the other end.
void PostgresServer::read_log(int from) {
  char bytes[4096];
  for (ssize_t count = 0; (count = read(from, bytes, sizeof bytes)) > 0;) {
    const std::scoped_lock lock(mutex_);
    log_.append(bytes, static_cast<std::size_t>(count));
    if (log_.size() > 100'000) log_.erase(0, 50'000);
    changed_.notify_all();
  }
  close(from);
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void PostgresServer::stop(int signal) {
  if (pid_ < 0) return;
  kill(pid_, signal);
  kill(pid_, SIGCONT);
  waitpid(pid_, nullptr, 0);
  reader_.join();
  pid_ = -1;
}

std::string PostgresServer::uri(const std::string& database, const std::string& more) const {
  std::string host = folder_;
  for (std::size_t at = 0; (at = host.find('/', at)) != std::string::npos;) host.replace(at, 1, "%2F");
  return "postgresql://tester@" + host + "/" + database + "?sslmode=disable" + more;
}

std::string PostgresServer::new_place() {
  const std::string schema = "place" + std::to_string(++places_);
  execute("CREATE SCHEMA " + schema);
  return uri("postgres", "&options=-csearch_path%3D" + schema);
}

std::string PostgresServer::execute(const std::string& sql, const std::string& database) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(uri(database).c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return PQntuples(result.get()) > 0 && PQnfields(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

}  // namespace packbench::hil::api::test
