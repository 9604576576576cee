#include "startup.hpp"

#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

#include <mesos/version.hpp>

#include <stout/option.hpp>

#include "extract.hpp"
#include "guard.hpp"
#include "record.hpp"

namespace mesos_audit {

void join(const Parameters& parameters)
{
  const Option<std::string> config = parameters.get("config");
  if (config.isSome() && config.get().empty()) {
    throw std::runtime_error("parameter 'config' is empty");
  }

  const std::string path = config.isSome() ? config.get() : "";
  try {
    start(path, MESOS_VERSION);
  } catch (const std::invalid_argument&) {
    // What cxx throws for text that Rust would not take.
    throw std::runtime_error("parameter 'config' is not UTF-8");
  }

  // Once, with the first module: before there is anything to record.
  static const bool extracts = extract::enable();
  (void)extracts;
}


void recordStart(const char* module, const Parameters& parameters) noexcept
{
  observe(Callback::ModuleStart, [&]() {
    Record record;
    record.bytes(Field::Module, module);
    for (const Parameters::KeyValue& pair : parameters.all()) {
      record.bytes(Field::Parameter, pair.first);
    }
    record.send(Callback::ModuleStart);
  });
}


void refuse(const char* module, const char* reason) noexcept
{
  try {
    std::string line = std::string("mesos-audit: ") + module + ": " + reason;

    // Whatever a file or a library put into the reason: one line.
    for (char& c : line) {
      if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) {
        c = ' ';
      }
    }
    line += '\n';

    // Master and agent of one process (mesos-local) come here at once, each on
    // a thread of its own and with the same: it is said once.
    // Never destroyed: the first of them ends the process, and the other may
    // come here while exit() has run the destructors of statics already.
    static std::mutex& mutex = *new std::mutex();
    static std::string& last = *new std::string();
    static std::thread::id speaker;
    const std::lock_guard<std::mutex> lock(mutex);
    if (line == last && speaker != std::this_thread::get_id()) {
      return;
    }
    last = line;
    speaker = std::this_thread::get_id();

    // One write, so that other threads' lines do not end up in it.
    (void)!::write(STDERR_FILENO, line.data(), line.size());
  } catch (...) {
    // No memory for the line; the null pointer still says no.
  }
}

}  // namespace mesos_audit
