using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Spatial.Data;

/// <summary>What a COCO instances file says of images, objects and categories, each element by itself. Outlines and whatever else it holds are passed over.</summary>
internal sealed class CocoFile
{
    private const string ImagesName = "images";
    private const string AnnotationsName = "annotations";
    private const string CategoriesName = "categories";
    private const string Root = "the root";

    private readonly JsonTokens _tokens;

    private CocoFile(string path, JsonTokens tokens)
    {
        Path = path;
        _tokens = tokens;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The elements of <c>images</c>.</summary>
    public IReadOnlyList<Image> Images { get; private set; } = [];

    /// <summary>The elements of <c>annotations</c>; none where the file has no such array, as files of test sets have none.</summary>
    public IReadOnlyList<Annotation> Annotations { get; private set; } = [];

    /// <summary>The elements of <c>categories</c>.</summary>
    public IReadOnlyList<Category> Categories { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is no JSON, or an element lacks a field or has one of a wrong kind.</exception>
    public static CocoFile Read(string path)
    {
        using var tokens = new JsonTokens(path);
        var file = new CocoFile(path, tokens);
        try
        {
            file.Read();
            tokens.End();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a surrogate pair, which only its reading finds.
            throw new InvalidDataException($"{path} is not valid JSON: {error.Message}", error);
        }

        return file;
    }

    /// <summary>An error about an element.</summary>
    /// <param name="element">Its place, with its number where it has one.</param>
    /// <param name="what">What is wrong with it.</param>
    public InvalidDataException Fault(object element, FormattableString what) => new($"{Path}: {element} {what.ToString(CultureInfo.InvariantCulture)}.");

    private void Read()
    {
        var missing = new HashSet<string> { ImagesName, AnnotationsName, CategoriesName };
        if (_tokens.Next() != JsonTokenType.StartObject)
        {
            throw Fault(Root, $"is no object");
        }

        _tokens.ReadProperties(name =>
        {
            if (name is not (ImagesName or AnnotationsName or CategoriesName))
            {
                _tokens.Skip();
                return;
            }

            if (!missing.Remove(name))
            {
                throw Fault(Root, $"has '{name}' twice");
            }

            switch (name)
            {
                case ImagesName:
                    Images = ReadElements(name, ReadImage);
                    break;
                case AnnotationsName:
                    Annotations = ReadElements(name, ReadAnnotation);
                    break;
                default:
                    Categories = ReadElements(name, ReadCategory);
                    break;
            }
        });
        missing.Remove(AnnotationsName);
        if (missing.Count > 0)
        {
            throw Fault(Root, $"has no '{string.Join("', '", missing.Order())}'");
        }
    }

    private List<T> ReadElements<T>(string name, Func<Place, T> read)
    {
        if (_tokens.Next() != JsonTokenType.StartArray)
        {
            throw Fault($"'{name}'", $"is no array");
        }

        var elements = new List<T>();
        while (_tokens.Next() != JsonTokenType.EndArray)
        {
            var element = new Place(name, elements.Count);
            elements.Add(_tokens.Type == JsonTokenType.StartObject ? read(element) : throw Fault(element, $"is no object"));
        }

        return elements;
    }

    private Image ReadImage(Place element)
    {
        long? id = null, width = null, height = null;
        string? file = null;
        _tokens.ReadProperties(name =>
        {
            switch (name)
            {
                case "id":
                    id = ReadWhole(element, name);
                    break;
                case "file_name":
                    file = ReadText(element, name);
                    break;
                case "width":
                    width = ReadWhole(element, name);
                    break;
                case "height":
                    height = ReadWhole(element, name);
                    break;
                default:
                    _tokens.Skip();
                    break;
            }
        });
        return new Image(element, Needed(id, element, "id"), Needed(file, element, "file_name"), Side(width, "width"), Side(height, "height"));

        int Side(long? value, string name) => Needed(value, element, name) is > 0 and <= int.MaxValue
            ? (int)value!
            : throw Fault(element, $"has a {name} of {value}; it must be between 1 and {int.MaxValue}");
    }

    private Annotation ReadAnnotation(Place element)
    {
        long? id = null, image = null, category = null, crowd = null;
        double? area = null;
        CocoBox? box = null;
        _tokens.ReadProperties(name =>
        {
            switch (name)
            {
                case "id":
                    id = ReadWhole(element, name);
                    break;
                case "image_id":
                    image = ReadWhole(element, name);
                    break;
                case "category_id":
                    category = ReadWhole(element, name);
                    break;
                case "iscrowd":
                    crowd = ReadWhole(element, name);
                    break;
                case "area":
                    area = ReadNumber(element, name);
                    break;
                case "bbox":
                    box = ReadBox(element, name);
                    break;
                default:
                    _tokens.Skip();
                    break;
            }
        });
        if (crowd is not (null or 0 or 1))
        {
            throw Fault(element, $"has an iscrowd of {crowd}; it must be 0 or 1");
        }

        if (area is { } size && !(size >= 0 && double.IsFinite(size)))
        {
            throw Fault(element, $"has an area of {size}; it must be a finite number of at least 0");
        }

        return new Annotation(
            element, Needed(id, element, "id"), Needed(image, element, "image_id"), Needed(category, element, "category_id"), Needed(box, element, "bbox"), area, crowd == 1);
    }

    private Category ReadCategory(Place element)
    {
        long? id = null;
        string? text = null;
        _tokens.ReadProperties(name =>
        {
            switch (name)
            {
                case "id":
                    id = ReadWhole(element, name);
                    break;
                case "name":
                    text = ReadText(element, name);
                    break;
                default:
                    _tokens.Skip();
                    break;
            }
        });
        return new Category(element, Needed(id, element, "id"), Needed(text, element, "name"));
    }

    private CocoBox ReadBox(Place element, string name)
    {
        if (_tokens.Next() != JsonTokenType.StartArray)
        {
            throw Fault(element, $"has a {name} that is no array");
        }

        Span<double> numbers = stackalloc double[Box.Numbers];
        var count = 0;
        for (; _tokens.Next() != JsonTokenType.EndArray; count++)
        {
            var number = _tokens.Number ?? throw Fault(element, $"has a {name} with something else than a number in it");
            numbers[Math.Min(count, Box.Numbers - 1)] = number;
        }

        return count == Box.Numbers
            ? new CocoBox(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw Fault(element, $"has a {name} of {count} numbers; x, y, width and height are needed");
    }

    private long ReadWhole(Place element, string name)
    {
        _tokens.Next();
        return _tokens.Whole ?? throw Fault(element, $"has {Found(name)}; a whole number is needed");
    }

    private double ReadNumber(Place element, string name)
    {
        _tokens.Next();
        return _tokens.Number ?? throw Fault(element, $"has {Found(name)}; a number is needed");
    }

    private string ReadText(Place element, string name)
    {
        return _tokens.Next() == JsonTokenType.String && _tokens.Text!.Length > 0 ? _tokens.Text : throw Fault(element, $"has {Found(name)}; a text is needed");
    }

    private string Found(string name)
    {
        var value = _tokens.Text is { } text ? $" '{text}'" : _tokens.Number?.ToString(" 0.################", CultureInfo.InvariantCulture);
        return $"'{name}' of kind {_tokens.Type}{value}";
    }

    private T Needed<T>(T? value, Place element, string name)
        where T : struct => value ?? throw Fault(element, $"has no '{name}'");

    private T Needed<T>(T? value, Place element, string name)
        where T : class => value ?? throw Fault(element, $"has no '{name}'");

    /// <summary>Where an element is; its text is made only for an error.</summary>
    internal readonly record struct Place(string Array, int Index)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Array}[{Index}]");
    }

    /// <summary>An element of <c>images</c>.</summary>
    internal readonly record struct Image(Place Element, long Id, string File, int Width, int Height);

    /// <summary>An element of <c>annotations</c>.</summary>
    internal readonly record struct Annotation(Place Element, long Id, long Image, long Category, CocoBox Box, double? Area, bool IsCrowd);

    /// <summary>A box as COCO writes it: its upper left corner, and its size.</summary>
    internal readonly record struct CocoBox(double X, double Y, double Width, double Height);

    /// <summary>An element of <c>categories</c>.</summary>
    internal readonly record struct Category(Place Element, long Id, string Name);
}
