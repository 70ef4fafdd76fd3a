using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules)
                    yield return child;
                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (inner, module) in child.named_modules())
                        yield return ($"{childName}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (own, parameter) in _internal_params)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        yield return (own, parameter);
                }

                if (!recurse)
                    yield break;
                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (inner, parameter) in child.named_parameters())
                    {
                        if (seen.Add(parameter.Handle))
                            yield return ($"{childName}.{inner}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>As in the package, a module's own buffers that are not persistent are never listed, whatever is asked for.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (own, (buffer, persistent)) in _internal_buffers)
                {
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer.Handle))
                        yield return (own, buffer);
                }

                if (!recurse)
                    yield break;
                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (inner, buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.Handle))
                            yield return ($"{childName}.{inner}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var parameter) ? parameter : InChild(target, (child, rest) => child.get_parameter(rest));

            public virtual Tensor? get_buffer(string target) =>
                _internal_buffers.TryGetValue(target, out var buffer) ? buffer.Item1 : InChild(target, (child, rest) => child.get_buffer(rest));

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (own, parameter) in named_parameters())
                    destination.TryAdd(Prefixed(prefix, own), parameter);
                foreach (var (own, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(Prefixed(prefix, own), buffer);
                foreach (var (childName, child) in _internal_submodules)
                    child.state_dict(destination, Prefixed(prefix, childName));
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                var skipped = skip ?? [];
                var unexpected = source.Keys.Where(key => !skipped.Contains(key) && !target.ContainsKey(key)).ToList();
                var missing = target.Keys.Where(key => !skipped.Contains(key) && !source.ContainsKey(key)).ToList();
                if (strict && unexpected.Count + missing.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The state does not fit the module; missing: {string.Join(", ", missing)}; unexpected: {string.Join(", ", unexpected)}.");
                }

                using (no_grad())
                {
                    foreach (var (key, value) in source)
                    {
                        if (!skipped.Contains(key) && target.TryGetValue(key, out var own))
                            own.copy_(value);
                    }
                }

                return (missing, unexpected);
            }

            private TFound? InChild<TFound>(string target, Func<Module, string, TFound?> find)
                where TFound : class
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0)
                    return null;
                return named_children()
                    .Where(child => child.name == target[..dot])
                    .Select(child => find(child.module, target[(dot + 1)..]))
                    .FirstOrDefault(found => found is not null);
            }

            private static string Prefixed(string? prefix, string own) => string.IsNullOrEmpty(prefix) ? own : $"{prefix}.{own}";
        }
    }
}
