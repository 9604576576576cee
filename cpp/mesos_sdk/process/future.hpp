// Describes process/future.hpp. The bodies are instantiated in the host, which
// exports them for the few types that Mesos's module interfaces use.
#ifndef MESOS_SDK_PROCESS_FUTURE_HPP
#define MESOS_SDK_PROCESS_FUTURE_HPP

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <process/owned.hpp>
#include <process/pid.hpp>

#include <stout/error.hpp>
#include <stout/lambda.hpp>
#include <stout/none.hpp>
#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <stout/result.hpp>
#include <stout/try.hpp>

namespace process {

struct Failure
{
  explicit Failure(const std::string& text) : message(text) {}

  const std::string message;
};


template <typename T>
class Promise;

template <typename T>
class WeakFuture;


template <typename T>
class Future
{
public:
  typedef lambda::CallableOnce<void()> DiscardCallback;
  typedef lambda::CallableOnce<void(const Future<T>&)> AnyCallback;

  // Born abandoned: nothing will ever complete it. Only a Promise makes a
  // future that can be waited for.
  Future();

  Future(const T& value);
  Future(const Failure& failure);

  template <typename U>
  Future(const U& value);

  Future(const Future&) = default;
  Future(Future&&) = default;
  Future& operator=(const Future&) = default;
  Future& operator=(Future&&) = default;

  bool isPending() const { return data->state == PENDING; }
  bool isReady() const { return data->state == READY; }
  bool isFailed() const { return data->state == FAILED; }
  bool isDiscarded() const { return data->state == DISCARDED; }
  bool isAbandoned() const { return data->abandoned; }
  bool hasDiscard() const { return data->discard; }

  bool discard();

  const T& get() const;

  // Not the host's: GCC 5, which built the official binary, and later GCCs
  // give a function that returns a std::string different symbol names here.
  const std::string& failure() const { return data->result.error(); }

  const Future<T>& onDiscard(DiscardCallback&& callback) const;
  const Future<T>& onAny(AnyCallback&& callback) const;

private:
  friend class Promise<T>;
  friend class WeakFuture<T>;

  enum State
  {
    PENDING,
    READY,
    FAILED,
    DISCARDED,
  };

  // Never made here, and longer than this: the callbacks follow.
  struct Data
  {
    Data() = delete;

    std::atomic_flag lock;
    State state;
    bool discard;
    bool associated;
    bool abandoned;
    Result<T> result;
  };

  explicit Future(std::shared_ptr<Data>&& strong) : data(std::move(strong)) {}

  bool set(const T& value);
  bool fail(const std::string& message);

  std::shared_ptr<Data> data;
};


// Refers to a future without keeping it alive.
template <typename T>
class WeakFuture
{
public:
  explicit WeakFuture(const Future<T>& future) : data(future.data) {}

  Option<Future<T>> get() const
  {
    std::shared_ptr<Data> strong = data.lock();
    if (strong == nullptr) {
      return None();
    }
    return Future<T>(std::move(strong));
  }

private:
  typedef typename Future<T>::Data Data;

  std::weak_ptr<Data> data;
};


template <typename T>
class Promise
{
public:
  Promise() { f.data->abandoned = false; }

  // Abandons the future if nothing has completed it.
  virtual ~Promise();

  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;

  bool set(const T& value) { return !f.data->associated && f.set(value); }

  bool fail(const std::string& message)
  {
    return !f.data->associated && f.fail(message);
  }

  bool discard();

  Future<T> future() const { return f; }

private:
  Future<T> f;
};

}  // namespace process

#endif  // MESOS_SDK_PROCESS_FUTURE_HPP
