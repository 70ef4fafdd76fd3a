using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Makes the convolutions of a network deformable.</summary>
public static class DeformableLayers
{
    private const int Side = 3;

    /// <summary>
    /// Puts a <see cref="DeformConv2dPack"/> in the place of each of the last 3x3 convolutions of a network, where the paper has them: in the last stage of a
    /// backbone. Each takes over the weights, stride, padding, dilation and groups of the convolution that stood there, and gives the same output as it until it
    /// learns.
    /// </summary>
    /// <typeparam name="TModule">The network's type.</typeparam>
    /// <param name="network">Any tree of modules; it is changed.</param>
    /// <param name="count">How many convolutions, at least 1. The last are those registered last, depth first; one that stands in several places counts once, at the
    /// first, and is replaced in all. Those within an <see cref="IOffsetBranch"/> do not count.</param>
    /// <param name="replaced">The names of the modules replaced, as the names of their weights begin, in the order of registration.</param>
    /// <param name="deformGroups">Groups of input channels with offsets of their own; they divide the input channels.</param>
    /// <param name="isModulated">
    /// Whether each read is weighed too (v2). The mask starts at one half, as the paper has it: the weights taken over are doubled, so that the output stays as it is.
    /// </param>
    /// <param name="learningRateFactor">What the learning rate of the offset branches is, as a multiple of the network's; at least 0. See <see cref="ParameterSet.Of"/>.</param>
    /// <returns>
    /// The network to go on with: the one given or, where it is a <c>Sequential</c>, which TorchSharp does not let anyone change, a new one of the same children
    /// under the same names.
    /// </returns>
    /// <remarks>
    /// What holds a convolution has to be able to hold another module: a <c>Sequential</c> (wherever it stands a new one takes its place), a <c>ModuleList</c> of
    /// <c>nn.Module</c> or <c>nn.Module&lt;Tensor, Tensor&gt;</c>, or a module of one's own that holds it in a field of such a type, readonly or not; a field of
    /// type <c>Conv2d</c> cannot. Nothing is changed unless all can be. The names of the weights stay, and so do the parameters themselves, so that an optimiser
    /// goes on with them; the branches' are new. The convolutions and <c>Sequential</c>s replaced must not be used, nor disposed of, any more: their parts live on.
    /// Hooks on them are lost. A <c>ModuleList</c> that is itself the network is not supported: hold it in a module.
    /// Convention: that of <see cref="DeformConv2dPack"/>: offsets are (y, x) pairs in pixels and start at zero.
    /// Source: Dai et al. 2017, Deformable Convolutional Networks, arXiv 1703.06211, section 3.3.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small, or there are fewer convolutions than <paramref name="count"/>.</exception>
    /// <exception cref="ArgumentException">The groups do not divide a convolution's channels.</exception>
    /// <exception cref="InvalidOperationException">
    /// A convolution is padded by other than zeros, what holds it cannot hold another module, or it shares a weight that would be doubled; the message names it.
    /// </exception>
    public static TModule ReplaceLast<TModule>(
        TModule network, int count, out IReadOnlyList<string> replaced, long deformGroups = 1, bool isModulated = false, double learningRateFactor = 0.1)
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(network);
        TensorCheck.Positive(count, nameof(count));
        ConvolutionWeights.CheckedFactor(learningRateFactor);
        var all = Convolutions(network, "").DistinctBy(entry => entry.Module).ToList();
        if (all.Count < count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count,
                $"count is {count} and the network has {all.Count} convolutions of 3 x 3 that are not deformable ({string.Join(", ", all.Select(entry => entry.Name))}); it may be at most that.");
        }

        var chosen = all[^count..];
        foreach (var (name, convolution) in chosen)
        {
            if (convolution.padding_mode != PaddingModes.Zeros)
                throw new InvalidOperationException($"The convolution '{name}' is padded by {convolution.padding_mode}; a deformable one reads {PaddingModes.Zeros} outside.");
            ConvolutionWeights.Divides(deformGroups, nameof(deformGroups), convolution.in_channels, $"in_channels of '{name}'");
        }

        if (isModulated)
            RefuseTied(network, chosen);
        var plan = new Plan(
            chosen.ToDictionary(entry => (nn.Module)entry.Module, entry => GeometryOf(entry.Module)),
            (convolution, geometry) => DeformConv2dPack.InPlaceOf(convolution, geometry, deformGroups, isModulated, learningRateFactor));
        plan.Check(network, "");
        replaced = [.. chosen.Select(entry => entry.Name)];
        return (TModule)plan.Apply(network);
    }

    private static IEnumerable<(string Name, Conv2d Module)> Convolutions(nn.Module module, string path)
    {
        if (module is IOffsetBranch)
            yield break;
        foreach (var (name, child) in module.named_children())
        {
            if (child is Conv2d { kernel_size: [Side, Side] } convolution)
                yield return (path + name, convolution);
            foreach (var inner in Convolutions(child, $"{path}{name}."))
                yield return inner;
        }
    }

    /// <summary>A weight that is doubled must be no other module's.</summary>
    private static void RefuseTied(nn.Module network, List<(string Name, Conv2d Module)> chosen)
    {
        var holders = Modules(network, "").Prepend((Name: network.GetType().Name, Module: network)).DistinctBy(entry => entry.Module).ToList();
        foreach (var (name, convolution) in chosen)
        {
            bool IsTied(nn.Module module) =>
                !ReferenceEquals(module, convolution) && module.named_parameters(false).Any(own => ReferenceEquals(own.parameter, convolution.weight));
            if (holders.FirstOrDefault(entry => IsTied(entry.Module)) is { Module: not null } other)
            {
                throw new InvalidOperationException(
                    $"The convolution '{name}' shares its weight with '{other.Name}'; a modulated one in its place doubles it and needs a weight of its own.");
            }
        }
    }

    private static IEnumerable<(string Name, nn.Module Module)> Modules(nn.Module module, string path) =>
        module.named_children().SelectMany(child => Modules(child.module, $"{path}{child.name}.").Prepend((path + child.name, child.module)));

    private static ConvolutionGeometry GeometryOf(Conv2d convolution)
    {
        var (stride, dilation) = (convolution.stride, convolution.dilation);

        // Of a padding to the same size an odd kernel gives either side its half.
        long[] padding = convolution.padding ?? (convolution.padding_type == Padding.Same ? [dilation[0] * (Side / 2), dilation[1] * (Side / 2)] : [0, 0]);
        return new ConvolutionGeometry((Side, Side), (stride[0], stride[1]), (padding[0], padding[1]), (dilation[0], dilation[1]));
    }

    /// <summary>What is to be replaced, and how.</summary>
    private sealed class Plan(Dictionary<nn.Module, ConvolutionGeometry> chosen, Func<Conv2d, ConvolutionGeometry, DeformConv2dPack> create)
    {
        /// <summary>What took the place of those already seen: a module may stand in several.</summary>
        private readonly Dictionary<nn.Module, nn.Module> _done = [];

        /// <summary>Throws where a module cannot hold what shall take the place of one of its children.</summary>
        public void Check(nn.Module module, string path)
        {
            foreach (var (name, child) in module.named_children().Where(entry => Leads(entry.module)))
            {
                Check(child, $"{path}{name}.");
                var type = chosen.ContainsKey(child) ? typeof(DeformConv2dPack) : IsSequence(child) ? typeof(Sequential) : null;
                if (type is null || IsSequence(module) || module is IList<nn.Module> or IList<nn.Module<Tensor, Tensor>>)
                    continue;
                if (!ModuleFields.CanHold(module, child, type, out var holders))
                {
                    throw new InvalidOperationException(
                        $"'{path}{name}' cannot be replaced: {module.GetType().Name} holds it in "
                        + (holders == 0 ? "no field of its own. Hold it in a field" : $"a field that takes no {type.Name}. Declare the field") + " of type nn.Module<Tensor, Tensor>.");
                }
            }
        }

        /// <summary>What takes the place of a module: itself, unless it is to be replaced.</summary>
        public nn.Module Apply(nn.Module module)
        {
            if (!_done.TryGetValue(module, out var result))
                _done[module] = result = Make(module);
            return result;
        }

        private nn.Module Make(nn.Module module)
        {
            if (chosen.TryGetValue(module, out var geometry))
                return create((Conv2d)module, geometry);
            if (!Leads(module))
                return module;

            var children = module.named_children().Select(entry => (entry.name, Before: entry.module, After: Apply(entry.module))).ToList();
            if (IsSequence(module))
                return children.Aggregate(nn.Sequential(), (sequence, child) => sequence.append(child.name, (nn.IModule<Tensor, Tensor>)child.After));

            var changed = children.Where(child => !ReferenceEquals(child.Before, child.After)).ToList();
            foreach (var (_, before, after) in changed)
            {
                if (module is IList<nn.Module> list)
                    Put(list, before, after);
                else if (module is IList<nn.Module<Tensor, Tensor>> maps)
                    Put(maps, before, after);
                else
                    ModuleFields.Set(module, before, after);
            }

            // All are registered anew, so that the order, which is that of the weights, stays.
            foreach (var (name, _, _) in changed.Count > 0 ? children : [])
                module.register_module(name, null!);
            foreach (var (name, _, after) in changed.Count > 0 ? children : [])
                module.register_module(name, after);
            return module;
        }

        private static void Put<T>(IList<T> list, nn.Module before, nn.Module after)
            where T : nn.Module
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (ReferenceEquals(list[i], before))
                    list[i] = (T)after;
            }
        }

        private bool Leads(nn.Module module) => chosen.ContainsKey(module) || (module is not IOffsetBranch && module.named_children().Any(entry => Leads(entry.module)));

        /// <summary>Whether the module can be made anew of other children: a class derived from Sequential cannot.</summary>
        private static bool IsSequence(nn.Module module) => module.GetType() == typeof(Sequential);
    }
}
