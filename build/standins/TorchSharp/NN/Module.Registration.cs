using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.isDisposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"A module's name cannot contain a dot, and '{name}' does.", nameof(name));
                if (_internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"A module '{name}' is registered already.");
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), $"The buffer '{name}' is no tensor.");
                if (_internal_buffers.ContainsKey(name))
                    throw new InvalidOperationException($"A buffer '{name}' is registered already.");
                _internal_buffers.Add(name, (tensor, persistent));
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), $"The parameter '{name}' is no tensor.");
                if (_internal_params.ContainsKey(name))
                    throw new InvalidOperationException($"A parameter '{name}' is registered already.");
                _internal_params.Add(name, param);
            }

            /// <summary>Registers what stands in this object's fields, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsAreRegistered)
                    return;
                foreach (var field in FieldsOf(GetType()))
                {
                    var component = field.ComponentName();
                    if (_internal_submodules.ContainsKey(component) || _internal_params.ContainsKey(component) || _internal_buffers.ContainsKey(component))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor buffer:
                            register_buffer(component, buffer);
                            break;
                    }
                }

                componentsAreRegistered = true;
            }

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                    _internal_params.Remove(name);
                else
                    _internal_params[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                    _internal_buffers.Remove(name);
                else
                    _internal_buffers[name] = (value, persistent);
            }

            /// <summary>What a property that holds a parameter does when it is set.</summary>
            private protected void SetParameter(ref Parameter? slot, Parameter? value, string name)
            {
                if (ReferenceEquals(slot, value))
                    return;
                slot?.Dispose();
                value?.DetachFromDisposeScope();
                slot = value;
                ConditionallyRegisterParameter(name, value);
            }

            /// <summary>The fields of a type and of those that it derives from, each name once, the most derived first.</summary>
            private static IEnumerable<FieldInfo> FieldsOf(Type type)
            {
                var seen = new HashSet<string>();
                for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
                {
                    foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                    {
                        if (seen.Add(field.Name))
                            yield return field;
                    }
                }
            }
        }
    }
}
