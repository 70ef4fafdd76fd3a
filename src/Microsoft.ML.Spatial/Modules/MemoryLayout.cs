using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>How a batch of feature maps lies in memory.</summary>
internal static class MemoryLayout
{
    /// <summary>
    /// The same batch <c>[N, C, H, W]</c> with the channels innermost in memory. On a CPU, pooling then works on whole vectors of channels and
    /// convolutions skip their reordering. Every later layer keeps the layout. Elsewhere the batch is
    /// handed back as it is.
    /// </summary>
    internal static Tensor ChannelsLast(Tensor input)
    {
        if (input.device_type != DeviceType.CPU)
            return input.alias();

        using var scope = torch.NewDisposeScope();
        var (n, c, h, w) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);

        // With one channel the two layouts are the same bytes, but torch goes by the strides, which only a view rewrites.
        var rows = c == 1 ? input.contiguous().view(n, h, w, 1) : input.permute(0, 2, 3, 1).contiguous();
        return rows.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
