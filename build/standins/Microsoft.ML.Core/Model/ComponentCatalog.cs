using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>What can be made by name: the loadable classes of the assemblies registered so far.</summary>
public sealed class ComponentCatalog
{
    private readonly object _lock = new();
    private readonly HashSet<string> _registered = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClass> _classes = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        if (assembly == null)
        {
            throw new ArgumentNullException(nameof(assembly));
        }

        lock (_lock)
        {
            if (!_registered.Add(assembly.FullName))
            {
                return;
            }

            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
            {
                RegisterClass(attribute, throwOnError);
            }
        }
    }

    internal static bool TryCreateInstance(IHostEnvironment env, Type signature, string name, object[] arguments, out object instance)
    {
        LoadableClass found;
        var catalog = env.ComponentCatalog;
        lock (catalog._lock)
        {
            catalog._classes.TryGetValue((NormalizeName(name), signature), out found);
        }

        instance = found?.Create(env, arguments);
        return found != null;
    }

    private void RegisterClass(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        var loadable = LoadableClass.FindOrNull(attribute);
        if (loadable == null)
        {
            if (throwOnError)
            {
                throw new InvalidOperationException(
                    $"The loadable class '{attribute.InstanceType.Name}' named '{attribute.LoadNames[0]}' has no way to make an instance.");
            }

            return;
        }

        foreach (string name in attribute.LoadNames)
        {
            var key = (NormalizeName(name), attribute.SignatureType);
            if (_classes.TryAdd(key, loadable) || !throwOnError)
            {
                continue;
            }

            throw new InvalidOperationException(
                $"The loadable class '{attribute.LoaderType}' has the name '{name}' that '{_classes[key].LoaderType}' has already.");
        }
    }

    private static string NormalizeName(string name) => name.Trim().ToLowerInvariant();

    private sealed class LoadableClass
    {
        private readonly MethodInfo _create;
        private readonly bool _takesEnvironment;

        public Type LoaderType { get; }

        private LoadableClass(Type loaderType, MethodInfo create, bool takesEnvironment)
        {
            LoaderType = loaderType;
            _create = create;
            _takesEnvironment = takesEnvironment;
        }

        public static LoadableClass FindOrNull(LoadableClassAttributeBase attribute)
        {
            var parameters = attribute.SignatureType.GetMethod("Invoke").GetParameters().Select(p => p.ParameterType);
            if (attribute.ArgType != null)
            {
                parameters = parameters.Prepend(attribute.ArgType);
            }

            var withoutEnvironment = parameters.ToArray();
            var withEnvironment = withoutEnvironment.Prepend(typeof(IHostEnvironment)).ToArray();
            var create = FindCreate(attribute, withEnvironment);
            if (create != null)
            {
                return new LoadableClass(attribute.LoaderType, create, takesEnvironment: true);
            }

            create = FindCreate(attribute, withoutEnvironment);
            return create == null ? null : new LoadableClass(attribute.LoaderType, create, takesEnvironment: false);
        }

        public object Create(IHostEnvironment env, object[] arguments)
        {
            try
            {
                return _create.Invoke(null, _takesEnvironment ? arguments.Prepend(env).ToArray() : arguments);
            }
            catch (TargetInvocationException ex) when (ModelError.IsMarked(ex.InnerException))
            {
                throw ModelError.Mark(new InvalidOperationException("Error during class instantiation", ex));
            }
        }

        private static MethodInfo FindCreate(LoadableClassAttributeBase attribute, Type[] parameters)
        {
            var method = attribute.LoaderType.GetMethod("Create", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, null, parameters, null);
            return method != null && method.DeclaringType == attribute.LoaderType && method.ReturnType == attribute.InstanceType ? method : null;
        }
    }
}
