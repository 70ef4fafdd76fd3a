using System.Globalization;
using System.Xml;

namespace Microsoft.ML.Spatial.Data;

/// <summary>What a Pascal VOC annotation file says of its image. Entities are not resolved, and a document type is an error.</summary>
internal sealed class VocFile
{
    private const int MostCharacters = 16 << 20;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private readonly List<Object> _objects = [];

    private VocFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The name of the image file.</summary>
    public string ImageFile { get; private set; } = "";

    /// <summary>The width of the image in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>The height of the image in pixels.</summary>
    public int Height { get; private set; }

    /// <summary>The objects, in their order.</summary>
    public IReadOnlyList<Object> Objects => _objects;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is no XML, or an element lacks another or has a wrong value.</exception>
    public static VocFile Read(string path)
    {
        var file = new VocFile(path);
        using var stream = File.OpenRead(path);
        using var reader = XmlReader.Create(stream, Settings);
        try
        {
            file.Read(reader);
            while (reader.Read())
            {
                // What follows must be well-formed too.
            }
        }
        catch (XmlException error)
        {
            throw new InvalidDataException($"{path} is not an annotation in XML: {error.Message}", error);
        }

        return file;
    }

    /// <summary>An error about an element.</summary>
    public InvalidDataException Fault(string element, string what) => new($"{Path}: {element} {what}.");

    private void Read(XmlReader reader)
    {
        string? file = null;
        (string? Width, string? Height) size = default;
        reader.MoveToContent();
        if (reader.LocalName != "annotation")
        {
            throw Fault($"element '{reader.LocalName}'", "is the root; 'annotation' is needed");
        }

        foreach (var name in Children(reader))
        {
            switch (name)
            {
                case "filename":
                    file = reader.ReadElementContentAsString();
                    break;
                case "size":
                    size = ReadSize(reader);
                    break;
                case "object":
                    _objects.Add(ReadObject(reader, string.Create(CultureInfo.InvariantCulture, $"object[{_objects.Count}]")));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        ImageFile = (file ?? throw Fault("annotation", "has no 'filename'")).Trim();
        Width = Side(size.Width, "width");
        Height = Side(size.Height, "height");
    }

    private static (string? Width, string? Height) ReadSize(XmlReader reader)
    {
        (string? Width, string? Height) size = default;
        foreach (var name in Children(reader))
        {
            switch (name)
            {
                case "width":
                    size.Width = reader.ReadElementContentAsString();
                    break;
                case "height":
                    size.Height = reader.ReadElementContentAsString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return size;
    }

    private Object ReadObject(XmlReader reader, string element)
    {
        string? label = null, difficult = null;
        double[]? box = null;
        foreach (var name in Children(reader))
        {
            switch (name)
            {
                case "name":
                    label = reader.ReadElementContentAsString().Trim();
                    break;
                case "difficult":
                    difficult = reader.ReadElementContentAsString().Trim();
                    break;
                case "bndbox":
                    box = ReadBox(reader, element);
                    break;
                default:
                    // Parts among them, which have names and boxes of their own.
                    reader.Skip();
                    break;
            }
        }

        if (string.IsNullOrEmpty(label))
        {
            throw Fault(element, "has no 'name'");
        }

        element = $"{element} ({label})";
        return difficult is null or "0" or "1"
            ? new Object(element, label, box ?? throw Fault(element, "has no 'bndbox'"), difficult == "1")
            : throw Fault(element, $"has '{difficult}' as difficult; it must be 0 or 1");
    }

    private double[] ReadBox(XmlReader reader, string element)
    {
        string[] names = ["xmin", "ymin", "xmax", "ymax"];
        var numbers = new double?[names.Length];
        foreach (var name in Children(reader))
        {
            var place = Array.IndexOf(names, name);
            if (place < 0)
            {
                reader.Skip();
                continue;
            }

            var text = reader.ReadElementContentAsString();
            numbers[place] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(element, $"has '{text}' as {name}; a number is needed");
        }

        var missing = Array.FindIndex(numbers, number => number is null);
        return missing < 0 ? Array.ConvertAll(numbers, number => number!.Value) : throw Fault(element, $"has no '{names[missing]}'");
    }

    private int Side(string? text, string name)
    {
        if (text is null)
        {
            throw Fault("annotation", $"has no '{name}' in its 'size'");
        }

        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var side) && side > 0
            ? side
            : throw Fault("size", $"has '{text}' as {name}; a whole number of at least 1 is needed");
    }

    /// <summary>Goes through the elements in the one where the reader stands, whose names it gives; who takes one must read or skip it.</summary>
    private static IEnumerable<string> Children(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            yield break;
        }

        reader.ReadStartElement();
        while (reader.MoveToContent() == XmlNodeType.Element)
        {
            yield return reader.LocalName;
        }

        reader.ReadEndElement();
    }

    /// <summary>An object. Its box is xmin, ymin, xmax and ymax, which count from 1 and are both inside.</summary>
    internal readonly record struct Object(string Element, string Name, double[] Box, bool IsDifficult);
}
