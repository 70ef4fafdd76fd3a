using System.Globalization;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Checks of option values; every error names the option, the value and what it must be.</summary>
internal static class OptionCheck
{
    public static void That(bool holds, object? value, string option, string mustBe)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, string.Create(CultureInfo.InvariantCulture, $"Option {option} is {value ?? "null"}; it must be {mustBe}."));
        }
    }

    public static void Name(string? value, string option) => That(!string.IsNullOrWhiteSpace(value), value is null ? null : $"'{value}'", option, "the name of a column");

    public static void OptionalName(string? value, string option)
    {
        if (value is not null)
        {
            Name(value, option);
        }
    }

    /// <summary>Refuses two columns of one name, of which the later would hide the earlier.</summary>
    public static void Distinct(params (string? Name, string Option)[] columns)
    {
        foreach (var same in columns.Where(column => column.Name is not null).GroupBy(column => column.Name).Where(group => group.Count() > 1))
        {
            That(false, $"'{same.Key}'", same.Last().Option, $"another name than that of {same.First().Option}");
        }
    }

    public static void AtLeast(int? value, int least, string option) => That(value is null || value >= least, value, option, string.Create(CultureInfo.InvariantCulture, $"at least {least}"));

    public static void Between(int value, int least, int most, string option) => That(value >= least && value <= most, value, option, string.Create(CultureInfo.InvariantCulture, $"between {least} and {most}"));

    public static void Positive(double value, string option) => That(value > 0 && double.IsFinite(value), value, option, "a finite number above 0");

    public static void PositiveOrNull(double? value, string option) => That(value is null || (value > 0 && double.IsFinite(value.Value)), value, option, "a finite number above 0, or null");

    public static void NotNegative(double value, string option) => That(value >= 0 && double.IsFinite(value), value, option, "a finite number of at least 0");

    public static void Defined<T>(T value, string option)
        where T : struct, Enum => That(Enum.IsDefined(value), value, option, "one of " + string.Join(", ", Enum.GetNames<T>()));

    /// <summary>Refuses batches whose images do not fit one array: a tensor's values are read and written as one array of bytes.</summary>
    public static void Batch(int batchSize, ImageShape shape, string height, string width)
    {
        const int MostFloats = int.MaxValue / sizeof(float);
        var floats = (long)batchSize * shape.Channels * shape.Height * shape.Width;
        That(floats <= MostFloats, batchSize, "BatchSize", $"less, or {height} and {width} smaller: a batch of images of {shape} holds {floats} values, and {MostFloats} is the most");
    }
}
