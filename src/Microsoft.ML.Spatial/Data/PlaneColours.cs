namespace Microsoft.ML.Spatial.Data;

/// <summary>The colours of an image in float planes, grey or red, green, blue in [0, 1], where it is not padding. Changed values are clamped to [0, 1].</summary>
/// <remarks>
/// Convention: a factor of 1 leaves the image as it is. Brightness is <c>f v</c>; contrast moves each value from the mean grey of the image to <c>f v + (1 - f) mean</c>; saturation
/// moves each pixel from its own grey to <c>f v + (1 - f) grey</c>. Grey is 0.2989 red + 0.587 green + 0.114 blue. Those are the definitions of torchvision's <c>adjust_brightness</c>,
/// <c>adjust_contrast</c> and <c>adjust_saturation</c>.
/// </remarks>
/// <param name="planes">The image.</param>
/// <param name="shape">Its shape with padding.</param>
/// <param name="extent">The part of it, from the upper left corner, that is not padding.</param>
internal readonly ref struct PlaneColours(Span<float> planes, ImageShape shape, ImageSize extent)
{
    private const float Red = 0.2989f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    private readonly Span<float> _planes = planes;

    /// <summary>Makes the image brighter or darker.</summary>
    public void Brighten(float factor) => Blend(factor, 0);

    /// <summary>Moves all values away from their mean, or towards it.</summary>
    public void Contrast(float factor)
    {
        var sum = 0.0;
        for (var row = 0; row < extent.Height; row++)
        {
            var red = Row(0, row);
            var green = Row(shape.Channels / 2, row);
            var blue = Row(shape.Channels - 1, row);
            var ofRow = 0f;
            for (var column = 0; column < red.Length; column++)
                ofRow += shape.Channels == 1 ? red[column] : Grey(red[column], green[column], blue[column]);
            sum += ofRow;
        }

        Blend(factor, (1 - factor) * (float)(sum / ((long)extent.Height * extent.Width)));
    }

    /// <summary>Moves all colours away from their grey, or towards it. An image of one channel stays as it is.</summary>
    public void Saturate(float factor)
    {
        if (shape.Channels == 1)
            return;
        for (var row = 0; row < extent.Height; row++)
        {
            var red = Row(0, row);
            var green = Row(1, row);
            var blue = Row(2, row);
            for (var column = 0; column < red.Length; column++)
            {
                var grey = (1 - factor) * Grey(red[column], green[column], blue[column]);
                red[column] = Math.Clamp((factor * red[column]) + grey, 0f, 1f);
                green[column] = Math.Clamp((factor * green[column]) + grey, 0f, 1f);
                blue[column] = Math.Clamp((factor * blue[column]) + grey, 0f, 1f);
            }
        }
    }

    private static float Grey(float red, float green, float blue) => (Red * red) + (Green * green) + (Blue * blue);

    private void Blend(float factor, float other)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var row = 0; row < extent.Height; row++)
            {
                var values = Row(channel, row);
                for (var column = 0; column < values.Length; column++)
                    values[column] = Math.Clamp((factor * values[column]) + other, 0f, 1f);
            }
        }
    }

    private Span<float> Row(int channel, int row) => _planes.Slice(((channel * shape.Height) + row) * shape.Width, extent.Width);
}
