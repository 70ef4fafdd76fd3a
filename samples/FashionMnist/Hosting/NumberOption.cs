using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>Options of the command line that take a number within bounds.</summary>
internal static class NumberOption
{
    /// <summary>An option that takes a whole number.</summary>
    public static Option<int> Whole(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, CultureInfo.InvariantCulture, out var given) && given >= least && given <= most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {token.Value}; it has to be a whole number from {least} to {most}."));
        });
        return option;
    }

    /// <summary>An option that takes any number, or is left out.</summary>
    public static Option<double?> Optional(string name, string description, double least, double most)
    {
        var option = new Option<double?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var given) && given >= least && given <= most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {token.Value}; it has to be a number from {least} to {most}."));
        });
        return option;
    }
}
