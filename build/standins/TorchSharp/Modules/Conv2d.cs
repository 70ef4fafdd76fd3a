using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A convolution over planes.</summary>
        public sealed class Conv2d : Convolution
        {
            internal Conv2d(
                long inChannels, long outChannels, (long, long) kernel, (long, long)? stride, (long, long)? padding, Padding? paddingType,
                (long, long)? dilation, PaddingModes paddingMode, long groups, bool bias, Device? device, ScalarType? dtype)
                : base(
                    nameof(Conv2d), inChannels, outChannels, Sides(kernel), Sides(stride ?? (1, 1)), paddingType is null ? Sides(padding ?? (0, 0)) : null,
                    paddingType, Sides(dilation ?? (1, 1)), false, [0, 0], groups, bias, paddingMode, device, dtype)
            {
            }

            public override Tensor forward(Tensor input)
            {
                if (!ValidateShape(input, 2))
                {
                    throw new ArgumentException(
                        $"Conv2d takes [N, {in_channels}, H, W] or [{in_channels}, H, W], and the input is [{string.Join(", ", input.shape)}].", nameof(input));
                }

                if (padding_mode == PaddingModes.Zeros)
                {
                    return padding_type is { } type
                        ? Aten.Call("conv2d.padding", input, weight, bias, stride, type == Padding.Same ? "same" : "valid", dilation, groups)
                        : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
                }

                using var padded = nn.functional.pad(input, Around(), padding_mode);
                return nn.functional.conv2d(padded, weight, bias, stride, [0, 0], dilation, groups);
            }

            /// <summary>Left, right, top, bottom.</summary>
            private long[] Around()
            {
                if (padding is { } sides)
                    return [sides[1], sides[1], sides[0], sides[0]];
                if (padding_type == Padding.Valid)
                    return [0, 0, 0, 0];
                var height = dilation[0] * (kernel_size[0] - 1);
                var width = dilation[1] * (kernel_size[1] - 1);
                return [width / 2, width - (width / 2), height / 2, height - (height / 2)];
            }

            private static long[] Sides((long, long) sides) => [sides.Item1, sides.Item2];
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), null,
                    (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, null, dilation, padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), null, padding,
                    (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null, (long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, null, padding, dilation, padding_mode, groups, bias, device, dtype);
        }
    }
}
