// The calls of FMI 3.0 that create and free an instance and lead it from state to state.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include "fmi/library/call.h"

namespace packbench::fmi {
namespace {

PackFile read_resources(const char* folder, const char* token) {
  if (folder == nullptr) throw Refused("the resource path is null (expected the folder 'resources' of the FMU)");
  const std::filesystem::path path = std::filesystem::path(folder) / kPackFileName;
  std::ifstream stream(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) throw Refused("the file '" + path.string() + "' cannot be read");
  PackFile file = parse_pack_file(text);
  if (token == nullptr || file.token != token)
    throw Refused("the instantiation token is not the one of this FMU (" + file.token + ")");
  return file;
}

void require_supported(const char* name, bool event_mode_used, std::size_t intermediate_variables) {
  if (name == nullptr || *name == '\0') throw Refused("the instance has no name");
  if (event_mode_used) throw Refused("event mode is not supported (the model description says so)");
  if (intermediate_variables > 0) throw Refused("intermediate update is not supported (the model description says so)");
}

// Categories that may be switched; none means all.
bool concerns_errors(std::span<const fmi3String> categories) {
  bool named = categories.empty();
  for (const fmi3String category : categories) {
    if (category == nullptr || std::string_view(category) != kErrorCategory)
      throw Refused(std::string("there is no log category '") + (category ? category : "(null)") + "' (expected '" +
                    kErrorCategory + "')");
    named = true;
  }
  return named;
}

// A kind of instance that the model description does not offer.
fmi3Instance refuse(const char* function, fmi3InstanceEnvironment environment, fmi3LogMessageCallback callback) {
  Log(environment, callback, true).error(function, "this FMU is for co-simulation only");
  return nullptr;
}

}  // namespace
}  // namespace packbench::fmi

using namespace packbench::fmi;

extern "C" {

const char* fmi3GetVersion(void) { return "3.0"; }

fmi3Instance fmi3InstantiateCoSimulation(fmi3String name, fmi3String token, fmi3String resource_path, fmi3Boolean,
                                         fmi3Boolean logging_on, fmi3Boolean event_mode_used, fmi3Boolean,
                                         const fmi3ValueReference[], size_t intermediate_count,
                                         fmi3InstanceEnvironment environment, fmi3LogMessageCallback log_message,
                                         fmi3IntermediateUpdateCallback) {
  Log log(environment, log_message, true);  // a failure to instantiate is always told
  try {
    require_supported(name, event_mode_used, intermediate_count);
    auto instance = std::make_unique<Instance>(read_resources(resource_path, token), log);
    instance->log().set(logging_on);
    return instance.release();
  } catch (const std::exception& error) {
    log.error(__func__, error.what());
  } catch (...) {
    log.error(__func__, "an unknown error");
  }
  return nullptr;
}

fmi3Instance fmi3InstantiateModelExchange(fmi3String, fmi3String, fmi3String, fmi3Boolean, fmi3Boolean,
                                          fmi3InstanceEnvironment environment, fmi3LogMessageCallback log_message) {
  return refuse(__func__, environment, log_message);
}

fmi3Instance fmi3InstantiateScheduledExecution(fmi3String, fmi3String, fmi3String, fmi3Boolean, fmi3Boolean,
                                               fmi3InstanceEnvironment environment, fmi3LogMessageCallback log_message,
                                               fmi3ClockUpdateCallback, fmi3LockPreemptionCallback,
                                               fmi3UnlockPreemptionCallback) {
  return refuse(__func__, environment, log_message);
}

void fmi3FreeInstance(fmi3Instance instance) { delete static_cast<Instance*>(instance); }

fmi3Status fmi3SetDebugLogging(fmi3Instance instance, fmi3Boolean on, size_t count, const fmi3String categories[]) {
  return call(instance, __func__, [&](Instance& it) {
    if (concerns_errors(array(categories, count, "categories"))) it.log().set(on);
  });
}

fmi3Status fmi3EnterInitializationMode(fmi3Instance instance, fmi3Boolean, fmi3Float64, fmi3Float64 start_time,
                                       fmi3Boolean stop_time_defined, fmi3Float64 stop_time) {
  return call(instance, __func__,
              [&](Instance& it) { it.enter_initialization(start_time, stop_time_defined, stop_time); });
}

fmi3Status fmi3ExitInitializationMode(fmi3Instance instance) {
  return call(instance, __func__, [](Instance& it) { it.exit_initialization(); });
}

fmi3Status fmi3Terminate(fmi3Instance instance) {
  return call(instance, __func__, [](Instance& it) { it.terminate(); });
}

fmi3Status fmi3Reset(fmi3Instance instance) {
  return call(instance, __func__, [](Instance& it) { it.reset(); });
}

fmi3Status fmi3DoStep(fmi3Instance instance, fmi3Float64 time, fmi3Float64 step_size, fmi3Boolean,
                      fmi3Boolean* event_handling_needed, fmi3Boolean* terminate_simulation, fmi3Boolean* early_return,
                      fmi3Float64* last_successful_time) {
  return call(instance, __func__, [&](Instance& it) {
    target(event_handling_needed, "eventHandlingNeeded") = false;
    target(terminate_simulation, "terminateSimulation") = false;
    target(early_return, "earlyReturn") = false;
    target(last_successful_time, "lastSuccessfulTime") = it.time();
    it.step(time, step_size);
    *last_successful_time = it.time();
  });
}

}  // extern "C"
