using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The images of a COCO instances file with their objects, put together and checked.</summary>
internal static class CocoInstances
{
    /// <summary>Reads a file and finds its images, which are not opened.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where its images are.</param>
    /// <param name="intake">Takes its boxes in.</param>
    /// <exception cref="InvalidDataException">Something in the file cannot be used; the error names it.</exception>
    public static AnnotatedImagesView<CocoImage> Load(string path, FolderFiles folder, BoxIntake intake)
    {
        var file = CocoFile.Read(path);
        var categories = Categories(file);
        var keys = categories.Select((category, index) => (category.Id, Key: (uint)index + 1)).ToDictionary(pair => pair.Id, pair => pair.Key);
        var images = file.Images.Select(image => new Gathering(image)).ToArray();
        var byId = Index(file, images, image => image.Entry.Id, image => image.Entry.Element);
        Index(file, file.Annotations, annotation => annotation.Id, annotation => annotation.Element);
        foreach (var annotation in file.Annotations)
        {
            var image = byId.GetValueOrDefault(annotation.Image) ?? throw file.Fault(Named(annotation), $"has image_id {annotation.Image}, but no image has that id");
            if (!keys.TryGetValue(annotation.Category, out var key))
            {
                throw file.Fault(Named(annotation), $"has category_id {annotation.Category}, but no category has that id");
            }

            image.Add(file, annotation, key, intake);
        }

        return new AnnotatedImagesView<CocoImage>(
            Array.ConvertAll(images, image => image.Finish(file, folder)),
            [
                AnnotatedColumn<CocoImage>.Value("ImageId", NumberDataViewType.Int64, image => image.Id),
                AnnotatedColumn<CocoImage>.Value("ImagePath", TextDataViewType.Instance, image => image.Path.AsMemory()),
                AnnotatedColumn<CocoImage>.Value("ImageWidth", NumberDataViewType.Int32, image => image.Width),
                AnnotatedColumn<CocoImage>.Value("ImageHeight", NumberDataViewType.Int32, image => image.Height),
                AnnotatedColumn<CocoImage>.Image("Image"),
                AnnotatedColumn<CocoImage>.Vector(
                    "Label", ClassKeys.Type(categories.Length), image => image.Labels,
                    ClassKeys.Annotations([.. categories.Select(category => category.Name)], [.. categories.Select(category => category.Id)])),
                AnnotatedColumn<CocoImage>.Vector("BoundingBoxes", NumberDataViewType.Single, image => image.Boxes),
                AnnotatedColumn<CocoImage>.Vector("Area", NumberDataViewType.Single, image => image.Areas),
                AnnotatedColumn<CocoImage>.Vector("IsCrowd", BooleanDataViewType.Instance, image => image.IsCrowd),
            ]);
    }

    /// <summary>The categories by their numbers.</summary>
    private static CocoFile.Category[] Categories(CocoFile file)
    {
        if (file.Categories.Count == 0)
        {
            throw file.Fault("'categories'", $"is empty; at least one category is needed");
        }

        Index(file, file.Categories, category => category.Id, category => category.Element);
        var names = new HashSet<string>();
        foreach (var category in file.Categories.Where(category => !names.Add(category.Name)))
        {
            throw file.Fault(category.Element, $"has the name '{category.Name}', which another category has too");
        }

        return [.. file.Categories.OrderBy(category => category.Id)];
    }

    /// <summary>Elements by their numbers.</summary>
    private static Dictionary<long, T> Index<T>(CocoFile file, IReadOnlyList<T> elements, Func<T, long> id, Func<T, CocoFile.Place> name)
    {
        var index = new Dictionary<long, T>(elements.Count);
        foreach (var element in elements)
        {
            if (!index.TryAdd(id(element), element))
            {
                throw file.Fault(name(element), $"has id {id(element)}, which {name(index[id(element)])} has too");
            }
        }

        return index;
    }

    private static string Named(CocoFile.Annotation annotation) => string.Create(CultureInfo.InvariantCulture, $"{annotation.Element} (id {annotation.Id})");

    /// <summary>An image while its objects are gathered.</summary>
    private sealed class Gathering(CocoFile.Image entry)
    {
        private readonly List<uint> _labels = [];
        private readonly List<float> _boxes = [];
        private readonly List<float> _areas = [];
        private readonly List<bool> _crowds = [];

        public CocoFile.Image Entry => entry;

        public void Add(CocoFile file, CocoFile.Annotation annotation, uint key, BoxIntake intake)
        {
            var (x, y, width, height) = annotation.Box;
            var taken = intake.Take(
                x, y, x + width, y + height, entry.Width, entry.Height,
                () => string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {Named(annotation)}: bbox [{x}, {y}, {width}, {height}]"));
            if (taken is { } box)
            {
                _labels.Add(key);
                _boxes.AddRange([(float)box.X0, (float)box.Y0, (float)box.X1, (float)box.Y1]);
                _areas.Add((float)(annotation.Area ?? width * height));
                _crowds.Add(annotation.IsCrowd);
            }
        }

        public CocoImage Finish(CocoFile file, FolderFiles folder) => new()
        {
            Id = entry.Id,
            Path = folder.Find(entry.File, () => string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {entry.Element} (id {entry.Id}): file_name")),
            Width = entry.Width,
            Height = entry.Height,
            Labels = [.. _labels],
            Boxes = [.. _boxes],
            Areas = [.. _areas],
            IsCrowd = [.. _crowds],
        };
    }
}
