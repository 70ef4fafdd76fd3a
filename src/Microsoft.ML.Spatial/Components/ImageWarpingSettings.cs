using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What an image warping does; as JSON it is the header of its model file, so names and meanings stay.</summary>
internal sealed record ImageWarpingSettings
{
    /// <summary>The channels that are warped: red, green and blue.</summary>
    internal const int Colours = 3;

    // A bound on the memory that a file can ask for.
    private const int LargestSide = 16384;

    public required string OutputColumnName { get; init; }

    public required string InputColumnName { get; init; }

    public required TransformationKind Transformation { get; init; }

    /// <summary>Rows, and columns, of the control points of a thin plate spline; unused by other transformations.</summary>
    public required int ControlPointsPerSide { get; init; }

    /// <summary>The theta of every row; null where this is not the way to warp. One of this and the next two is not null.</summary>
    public required float[]? Parameters { get; init; }

    /// <summary>The column of each row's theta.</summary>
    public required string? ParametersColumnName { get; init; }

    /// <summary>The ranges of a random theta.</summary>
    public required RandomWarp? Random { get; init; }

    /// <summary>Null keeps the height of the input image.</summary>
    public required int? OutputHeight { get; init; }

    /// <summary>Null keeps the width of the input image.</summary>
    public required int? OutputWidth { get; init; }

    public required SamplingMode Sampling { get; init; }

    public required PaddingMode Padding { get; init; }

    /// <summary>Values in one theta.</summary>
    internal int ParameterCount => GridGenerator.ParametersOf(Transformation, ControlPointsPerSide);

    /// <summary>Refuses values that options, or a file, cannot have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The error names the option and its value.</exception>
    internal void Check()
    {
        OptionCheck.Name(OutputColumnName, nameof(OutputColumnName));
        OptionCheck.Name(InputColumnName, nameof(InputColumnName));
        OptionCheck.OptionalName(ParametersColumnName, nameof(ParametersColumnName));
        OptionCheck.Defined(Transformation, nameof(Transformation));
        OptionCheck.Between(ControlPointsPerSide, GridGenerator.LeastControlPointsPerSide, GridGenerator.MostControlPointsPerSide, nameof(ControlPointsPerSide));
        OptionCheck.Defined(Sampling, nameof(Sampling));
        OptionCheck.Defined(Padding, nameof(Padding));
        CheckSide(OutputHeight, nameof(OutputHeight));
        CheckSide(OutputWidth, nameof(OutputWidth));
        if (OutputHeight is int height && OutputWidth is int width)
        {
            CheckArea(new ImageShape(Colours, height, width));
        }

        CheckWay();
        if (Parameters is not null)
        {
            OptionCheck.That(Parameters.Length == ParameterCount, $"{Parameters.Length} numbers", nameof(Parameters), $"{ParameterCount} numbers where {nameof(Transformation)} is {Transformation}");
            for (var i = 0; i < Parameters.Length; i++)
            {
                OptionCheck.That(float.IsFinite(Parameters[i]), Parameters[i], $"{nameof(Parameters)}[{i}]", "a finite number");
            }
        }

        OptionCheck.That(Random is null || Transformation == TransformationKind.Affine, Transformation, nameof(Transformation), $"{TransformationKind.Affine} where {nameof(Random)} is set");
        Random?.Check(nameof(Random));
    }

    /// <summary>The type of the output column where that of the input column is <paramref name="input"/>: its size is told where it is known.</summary>
    internal ImageDataViewType OutputType(DataViewType input)
    {
        var image = (ImageDataViewType)input;
        var (height, width) = (OutputHeight ?? image.Height, OutputWidth ?? image.Width);
        return height > 0 && width > 0 ? new ImageDataViewType(height, width) : new ImageDataViewType();
    }

    /// <summary>Refuses input without the columns that are read, and tells the type of the output column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    internal ImageDataViewType CheckColumns(SchemaShape input, string component)
    {
        var image = Columns.Find(input, InputColumnName, "image", component);
        if (image.Kind != SchemaShape.Column.VectorKind.Scalar || image.ItemType is not ImageDataViewType)
        {
            throw Wrong(image, "Image", "an MLImage column (LoadImages makes one)");
        }

        if (ParametersColumnName is not null)
        {
            var parameters = Columns.Find(input, ParametersColumnName, "parameter", component);
            if (parameters.Kind != SchemaShape.Column.VectorKind.Vector || parameters.ItemType != NumberDataViewType.Single)
            {
                throw Wrong(parameters, "Parameter", $"a float vector column of {ParameterCount} values, as {nameof(Transformation)} is {Transformation}");
            }
        }

        return OutputType(image.ItemType);

        ArgumentOutOfRangeException Wrong(SchemaShape.Column column, string role, string need) =>
            new(nameof(input), Columns.Describe(column), $"{role} column '{column.Name}' is of type {Columns.Describe(column)}; {component} needs {need}.");
    }

    /// <summary>Refuses an output image of which the planes of floats do not fit one array of bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The error names the options.</exception>
    internal static void CheckArea(ImageShape shape) =>
        OptionCheck.That(
            (long)shape.Channels * shape.Height * shape.Width * sizeof(float) <= int.MaxValue,
            shape.Height,
            nameof(OutputHeight),
            FormattableString.Invariant($"less, or option {nameof(OutputWidth)}, here {shape.Width}, less (null stands for the side of the input image): {shape} floats take more than {int.MaxValue} bytes"));

    private static void CheckSide(int? side, string option) =>
        OptionCheck.That(side is null or (>= 1 and <= LargestSide), side, option, $"between 1 and {LargestSide} pixels, or null for that of the input image");

    private void CheckWay()
    {
        var set = new (bool IsSet, string Option)[] { (Parameters is not null, nameof(Parameters)), (ParametersColumnName is not null, nameof(ParametersColumnName)), (Random is not null, nameof(Random)) }
            .Where(way => way.IsSet).Select(way => way.Option).ToArray();
        OptionCheck.That(set.Length > 0, null, nameof(Parameters), $"set, or {nameof(ParametersColumnName)} or {nameof(Random)} must be: one of the three says how to warp");
        OptionCheck.That(set.Length == 1, "set too", set[^1], $"null where {set[0]} is set: one of the two says how to warp");
    }
}
