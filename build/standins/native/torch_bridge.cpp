// libtorch behind a handful of C functions: one generic call for every operator of its dispatcher, and fixed entries for what the
// dispatcher has no schema for (a tensor's own properties, gradients, generators, threads, the node of a custom function).
//
// Handles are heap-allocated C++ objects that the caller frees. A function that can fail says so by its result (null or a negative
// number); bridge_error() then tells why. No exception crosses this boundary.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>
#include <omp.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/torch.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using at::Tensor;
using torch::autograd::variable_list;

thread_local std::string last_error;

// Runs the body; an exception becomes last_error and the given result.
template <typename Result, typename Body>
Result guarded(Result failed, Body body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown native error";
  }
  return failed;
}

Tensor& tensor(void* handle) { return *static_cast<Tensor*>(handle); }
void* own(Tensor value) { return value.defined() ? new Tensor(std::move(value)) : nullptr; }

variable_list tensors(void** handles, int count) {
  variable_list result(count);
  for (int i = 0; i < count; i++)
    if (handles[i]) result[i] = tensor(handles[i]);
  return result;
}

// OpenMP keeps its thread count for each calling thread, so a change reaches a thread with that thread's next call.
std::atomic<int> wanted_threads{0};
thread_local int applied_threads = 0;

void apply_thread_count() {
  int wanted = wanted_threads.load(std::memory_order_relaxed);
  if (wanted != applied_threads) {
    at::get_num_threads();  // libtorch sets this thread's default on first use: let it happen before ours
    omp_set_num_threads(wanted);
    applied_threads = wanted;
  }
}

// ---- operators ----

enum class Kind : int32_t { None, Tensor, Int, Double, Bool, IntList, TensorList, String, Device, Generator, Default };

// Laid out as the managed side's NativeValue.
struct Value {
  Kind kind;
  int32_t count;  // elements of a list, bytes of a string, type of a device
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

// What an operator expects in one place, taken from its schema once.
struct Parameter {
  Kind kind;
  bool scalar;  // takes an integer, a real or a boolean, each as what it is
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

Parameter parameter_of(c10::TypePtr type) {
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  switch (type->kind()) {
    case c10::TypeKind::TensorType: return {Kind::Tensor, false};
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return {Kind::Int, false};
    case c10::TypeKind::FloatType: return {Kind::Double, false};
    case c10::TypeKind::BoolType: return {Kind::Bool, false};
    case c10::TypeKind::NumberType: return {Kind::Double, true};
    case c10::TypeKind::StringType: return {Kind::String, false};
    case c10::TypeKind::DeviceObjType: return {Kind::Device, false};
    case c10::TypeKind::GeneratorType: return {Kind::Generator, false};
    case c10::TypeKind::ListType:
      switch (parameter_of(type->castRaw<c10::ListType>()->getElementType()).kind) {
        case Kind::Tensor: return {Kind::TensorList, false};
        case Kind::Int: return {Kind::IntList, false};
        default: break;
      }
    default: TORCH_CHECK(false, "arguments of type ", type->str(), " are not bridged");
  }
}

const char* name_of(Kind kind) {
  static const char* names[] = {"none", "tensor", "integer", "real", "boolean", "list of integers",
                                "list of tensors", "string", "device", "generator", "default"};
  return names[static_cast<int>(kind)];
}

template <typename T>
const T* elements(const Value& value) { return static_cast<const T*>(value.pointer); }

c10::IValue scalar(const Value& value) {
  switch (value.kind) {
    case Kind::Int: return value.integer;
    case Kind::Bool: return value.integer != 0;
    default: return value.real;
  }
}

c10::List<Tensor> tensor_list(const Value& value) {
  auto handles = elements<Tensor*>(value);
  c10::List<Tensor> result;
  result.reserve(value.count);
  for (int i = 0; i < value.count; i++) result.push_back(*handles[i]);
  return result;
}

// The one place where what the caller gave becomes what the schema asks for.
c10::IValue convert(const c10::Argument& argument, const Parameter& expected, const Value& value) {
  if (value.kind == Kind::None) return {};
  if (value.kind == Kind::Default) {
    TORCH_CHECK(argument.default_value(), "argument ", argument.name(), " has no default");
    return *argument.default_value();
  }
  bool number = value.kind == Kind::Int || value.kind == Kind::Double || value.kind == Kind::Bool;
  if (expected.scalar && number) return scalar(value);
  if (expected.kind == Kind::Double && value.kind == Kind::Int) return static_cast<double>(value.integer);
  TORCH_CHECK(value.kind == expected.kind, "argument ", argument.name(), " is a ", name_of(value.kind), " where a ",
              name_of(expected.kind), " is expected");
  switch (value.kind) {
    case Kind::Tensor: return tensor(value.pointer);
    case Kind::Int: return value.integer;
    case Kind::Double: return value.real;
    case Kind::Bool: return value.integer != 0;
    case Kind::String: return std::string(elements<char>(value), value.count);
    case Kind::Device: return c10::Device(static_cast<c10::DeviceType>(value.count), static_cast<c10::DeviceIndex>(value.integer));
    case Kind::Generator: return *static_cast<at::Generator*>(value.pointer);
    case Kind::IntList: return c10::List<int64_t>(at::IntArrayRef(elements<int64_t>(value), value.count));
    case Kind::TensorList: return tensor_list(value);
    default: TORCH_CHECK(false, "argument ", argument.name(), " is a ", name_of(value.kind), ", which is not bridged");
  }
}

Value result_of(c10::IValue&& result) {
  Value value{Kind::None, 0, {0}};
  if (result.isTensor()) {
    value.kind = Kind::Tensor;
    value.pointer = own(std::move(result).toTensor());
  } else if (result.isBool()) {
    value.kind = Kind::Bool;
    value.integer = result.toBool();
  }
  return value;
}

// ---- custom functions ----

// The managed backward: the gradient of the output and what forward saved in (owned by the callee from then on), gradients of the inputs
// out (owned by us). Returns 0, or fills the message.
using Backward = int (*)(int64_t state, void* gradient, void** results, int result_count, char* message, int message_size);
using Release = void (*)(int64_t state);

struct ManagedNode : torch::autograd::Node {
  Backward backward = nullptr;
  Release release = nullptr;
  int64_t state = 0;
  torch::autograd::VariableInfo output;
  std::vector<torch::autograd::SavedVariable> saved;
  bool materialize = true;

  variable_list apply(variable_list&& gradients) override {
    at::OptionalDeviceGuard guard;
    void* in = gradients[0].defined() || materialize ? own(gradients[0].defined() ? gradients[0] : output.zeros(guard)) : nullptr;
    std::vector<void*> out(num_outputs(), nullptr);
    char message[1024] = "";
    int failed = backward(state, in, out.data(), static_cast<int>(out.size()), message, sizeof message);
    variable_list results(out.size());
    for (size_t i = 0; i < out.size(); i++) {
      if (!out[i]) continue;
      results[i] = tensor(out[i]);
      delete static_cast<Tensor*>(out[i]);
    }
    TORCH_CHECK(!failed, message);
    return results;
  }

  std::string name() const override { return "ManagedFunction"; }

  ~ManagedNode() override { release(state); }
};

}  // namespace

extern "C" {

const char* bridge_error() { return last_error.c_str(); }

// The operator's handle lives as long as the process.
void* bridge_operator(const char* name, const char* overload) {
  return guarded<void*>(nullptr, [&] {
    auto op = std::make_unique<Operator>(Operator{c10::Dispatcher::singleton().findSchemaOrThrow(name, overload), {}});
    for (auto& argument : op->handle.schema().arguments()) op->parameters.push_back(parameter_of(argument.type()));
    return op.release();
  });
}

// Calls an operator; arguments left away at the end take their defaults. Returns how many results it has, of which the first `room` are
// handed out: those of an in-place operator are not wanted.
int bridge_call(void* handle, const Value* arguments, int count, Value* results, int room) {
  return guarded(-1, [&] {
    apply_thread_count();
    auto& op = *static_cast<Operator*>(handle);
    auto& schema = op.handle.schema().arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= schema.size(), "too many arguments");
    static const Value missing{Kind::Default, 0, {0}};
    torch::jit::Stack stack;
    stack.reserve(schema.size());
    for (size_t i = 0; i < schema.size(); i++)
      stack.push_back(convert(schema[i], op.parameters[i], i < static_cast<size_t>(count) ? arguments[i] : missing));
    op.handle.callBoxed(stack);
    int produced = static_cast<int>(stack.size());
    for (int i = 0; i < produced && i < room; i++) results[i] = result_of(std::move(stack[i]));
    return produced;
  });
}

void bridge_free(void* handle) { delete static_cast<Tensor*>(handle); }

// ---- a tensor's own properties ----

struct Properties {
  int64_t dimensions, elements, element_size;
  int32_t type, device_type, device_index, requires_grad, contiguous;
};

int bridge_properties(void* handle, Properties* result) {
  return guarded(-1, [&] {
    auto& t = tensor(handle);
    *result = {t.dim(), t.numel(), static_cast<int64_t>(t.element_size()), static_cast<int32_t>(t.scalar_type()),
               static_cast<int32_t>(t.device().type()), t.device().index(), t.requires_grad(), t.is_contiguous()};
    return 0;
  });
}

void bridge_sizes(void* handle, int64_t* result) {
  for (auto size : tensor(handle).sizes()) *result++ = size;
}

void bridge_strides(void* handle, int64_t* result) {
  for (auto stride : tensor(handle).strides()) *result++ = stride;
}

void* bridge_data(void* handle) {
  return guarded<void*>(nullptr, [&] { return tensor(handle).data_ptr(); });
}

void* bridge_alias(void* handle) { return new Tensor(tensor(handle)); }

// ---- gradients ----

// Null when there is none.
void* bridge_gradient(void* handle) {
  return guarded<void*>(nullptr, [&] { return own(tensor(handle).grad()); });
}

int bridge_set_gradient(void* handle, void* gradient) {
  return guarded(-1, [&] {
    tensor(handle).mutable_grad() = gradient ? tensor(gradient) : Tensor();
    return 0;
  });
}

// Sets this thread's grad mode and returns what it was.
int bridge_grad_mode(int enabled) {
  int before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled != 0);
  return before;
}

int bridge_grad_enabled() { return at::GradMode::is_enabled(); }

int bridge_backward(void** roots, void** gradients, int root_count, void** inputs, int input_count, int keep_graph, int create_graph) {
  return guarded(-1, [&] {
    apply_thread_count();
    torch::autograd::backward(tensors(roots, root_count), gradients ? tensors(gradients, root_count) : variable_list(), keep_graph != 0,
                              create_graph != 0, tensors(inputs, input_count));
    return 0;
  });
}

// Puts a managed function between inputs and an output that was computed without gradients. `result` receives the output to hand out.
// Returns the node, which lives as long as the graph that it is part of, or null with an empty error when no gradient is needed: then
// `release` is never called.
void* bridge_attach(void** inputs, int input_count, void* output, void** saved, int saved_count, int materialize, Backward backward, Release release,
                    int64_t state, void** result) {
  return guarded<void*>(nullptr, [&]() -> void* {
    last_error.clear();
    auto in = tensors(inputs, input_count);
    bool needed = at::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(in);
    std::shared_ptr<ManagedNode> node;
    if (needed) {
      node = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
      node->backward = backward;
      node->release = [](int64_t) {};  // until everything below has worked
      node->state = state;
      node->materialize = materialize;
      node->set_next_edges(torch::autograd::collect_next_edges(in));
    }

    auto wrapped = torch::autograd::_wrap_outputs(
        in, {}, {}, std::vector<c10::optional<Tensor>>{tensor(output)}, node,
        [](variable_list, variable_list) -> variable_list { TORCH_CHECK(false, "forward-mode gradients are not supported"); });
    if (needed) {
      node->output = torch::autograd::VariableInfo(*wrapped[0]);
      for (auto& item : tensors(saved, saved_count)) {
        // A result kept by its own node would keep itself alive.
        bool is_result = item.defined() && item.grad_fn() == node;
        node->saved.emplace_back(item, is_result);
      }
      node->release = release;
    }
    *result = own(*wrapped[0]);
    return node.get();
  });
}

// What the function saved, in order; fails when a tensor has been written to since. It stays as long as the node does, as in TorchSharp.
int bridge_saved(void* handle, void** results) {
  return guarded(-1, [&] {
    auto node = static_cast<ManagedNode*>(handle);
    for (size_t i = 0; i < node->saved.size(); i++) results[i] = own(node->saved[i].unpack(node->shared_from_this()));
    return 0;
  });
}

// ---- random numbers ----

void* bridge_generator(int64_t seed) { return new at::Generator(at::make_generator<at::CPUGeneratorImpl>(static_cast<uint64_t>(seed))); }
void* bridge_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
void bridge_free_generator(void* handle) { delete static_cast<at::Generator*>(handle); }

void* bridge_generator_state(void* handle) {
  return guarded<void*>(nullptr, [&] {
    auto& generator = *static_cast<at::Generator*>(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    return own(generator.get_state());
  });
}

int bridge_set_generator_state(void* handle, void* state) {
  return guarded(-1, [&] {
    auto& generator = *static_cast<at::Generator*>(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(tensor(state));
    return 0;
  });
}

// ---- threads ----

int bridge_threads() {
  apply_thread_count();
  return at::get_num_threads();
}

int bridge_set_threads(int count) {
  return guarded(-1, [&] {
    at::set_num_threads(count);
    applied_threads = count;
    wanted_threads.store(count, std::memory_order_relaxed);
    // libtorch leaves OpenBLAS with a thread for each core; "one thread" would be two.
    using SetThreads = void (*)(int);
    static auto set_blas_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (set_blas_threads) set_blas_threads(count);
    return 0;
  });
}

}  // extern "C"
