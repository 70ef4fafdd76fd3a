using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Everything that decides what a training comes to, by name, each as text.</summary>
internal static class TrainingFingerprint
{
    // Long values (the names of many classes) are shown from where they differ.
    private const int LongestShown = 120;
    private const int ShownBefore = 20;

    private static readonly JsonSerializerOptions Format = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
    };

    /// <summary>All options but those marked <see cref="NotInFingerprintAttribute"/>, and what is known of the data.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rest">What else decides, by name; a value of null is not known.</param>
    public static SortedDictionary<string, string> Of(object options, params ReadOnlySpan<(string Name, object? Value)> rest)
    {
        var fingerprint = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in JsonSerializer.SerializeToElement(options, options.GetType(), Format).EnumerateObject())
        {
            fingerprint.Add(option.Name, option.Value.GetRawText());
        }

        foreach (var (name, value) in rest)
        {
            if (value is not null)
            {
                fingerprint.Add(name, JsonSerializer.Serialize(value, Format));
            }
        }

        return fingerprint;
    }

    /// <summary>What differs, as an error says it. What <paramref name="now"/> does not know does not differ.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now) =>
        from entry in now
        let before = then.GetValueOrDefault(entry.Key, "not there")
        where before != entry.Value
        select Difference(entry.Key, before, entry.Value);

    /// <summary>One difference, as an error says it.</summary>
    public static string Difference(string name, string then, string now)
    {
        var same = then.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{name} is {Shown(then, same)} in the checkpoint and {Shown(now, same)} now";
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(NotInFingerprintAttribute), inherit: true) == true).ToArray())
        {
            type.Properties.Remove(property);
        }
    }

    private static string Shown(string text, int same)
    {
        if (text.Length <= LongestShown)
        {
            return text;
        }

        var from = Math.Max(0, same - ShownBefore);
        var length = Math.Min(LongestShown, text.Length - from);
        return $"{(from > 0 ? "..." : "")}{text.AsSpan(from, length)}{(from + length < text.Length ? "..." : "")}";
    }
}
