using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>Layers in plain loops over float64, in the order the architecture names them: ReLU before pooling.</summary>
internal sealed class ReferenceNetwork(Dictionary<string, torch.Tensor> weights)
{
    internal sealed record Maps(double[] Values, int Pictures, int Channels, int Height, int Width);

    internal Maps Convolve(Maps input, string name)
    {
        var weight = weights[$"{name}.weight"];
        var (w, bias) = (Values(weight), Values(weights[$"{name}.bias"]));
        var (channels, kernel) = ((int)weight.shape[0], (int)weight.shape[2]);
        var output = new double[input.Pictures * channels * input.Height * input.Width];
        var at = 0;
        for (var n = 0; n < input.Pictures; n++)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var row = 0; row < input.Height; row++)
                {
                    for (var column = 0; column < input.Width; column++)
                        output[at++] = bias[c] + Product(input, n, row - kernel / 2, column - kernel / 2, w, c, kernel);
                }
            }
        }

        return input with { Values = output, Channels = channels };
    }

    internal double[] Connect(double[] input, int pictures, string name)
    {
        var (w, bias) = (Values(weights[$"{name}.weight"]), Values(weights[$"{name}.bias"]));
        var features = input.Length / pictures;
        return
        [
            .. from n in Enumerable.Range(0, pictures)
               from unit in Enumerable.Range(0, bias.Length)
               select bias[unit] + Enumerable.Range(0, features).Sum(i => input[n * features + i] * w[unit * features + i]),
        ];
    }

    internal static double[] Relu(double[] values) => [.. values.Select(value => Math.Max(0, value))];

    internal static Maps Relu(Maps maps) => maps with { Values = Relu(maps.Values) };

    internal static Maps Pool(Maps input, int poolHeight, int poolWidth, Func<IEnumerable<double>, double> reduce)
    {
        var (height, width) = (input.Height / poolHeight, input.Width / poolWidth);
        double[] values =
        [
            .. from plane in Enumerable.Range(0, input.Pictures * input.Channels)
               from row in Enumerable.Range(0, height)
               from column in Enumerable.Range(0, width)
               select reduce(
                   from i in Enumerable.Range(row * poolHeight, poolHeight)
                   from j in Enumerable.Range(column * poolWidth, poolWidth)
                   select input.Values[(plane * input.Height + i) * input.Width + j]),
        ];
        return input with { Values = values, Height = height, Width = width };
    }

    private static double Product(Maps input, int picture, int top, int left, double[] weight, int channel, int kernel)
    {
        double sum = 0;
        for (var c = 0; c < input.Channels; c++)
        {
            for (var i = 0; i < kernel; i++)
            {
                for (var j = 0; j < kernel; j++)
                {
                    if (top + i >= 0 && top + i < input.Height && left + j >= 0 && left + j < input.Width)
                    {
                        var value = input.Values[((picture * input.Channels + c) * input.Height + top + i) * input.Width + left + j];
                        sum += value * weight[((channel * input.Channels + c) * kernel + i) * kernel + j];
                    }
                }
            }
        }

        return sum;
    }
}
