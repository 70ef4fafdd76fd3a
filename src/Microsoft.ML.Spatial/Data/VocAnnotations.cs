using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The images of a Pascal VOC annotation folder with their objects, put together and checked.</summary>
internal static class VocAnnotations
{
    private const string Extension = ".xml";

    /// <summary>Reads a folder and finds its images, which are not opened.</summary>
    /// <param name="annotationFolder">The folder of XML files.</param>
    /// <param name="folder">Where the images are.</param>
    /// <param name="imageSet">The names, without extension, of the files to read; null is all.</param>
    /// <param name="classNames">The classes in the order of their keys; null is those that occur, in order of their names.</param>
    /// <param name="intake">Takes the boxes in.</param>
    /// <exception cref="InvalidDataException">Something in a file cannot be used; the error names it.</exception>
    public static AnnotatedImagesView<VocImage> Load(string annotationFolder, FolderFiles folder, IEnumerable<string>? imageSet, IEnumerable<string>? classNames, BoxIntake intake)
    {
        var files = Files(annotationFolder, imageSet);
        string[] classes = classNames is null
            ? [.. files.SelectMany(file => file.Objects).Select(found => found.Name).Distinct().Order(StringComparer.Ordinal)]
            : [.. classNames];
        if (classes.Length == 0)
        {
            throw new InvalidDataException($"No file in '{annotationFolder}' has an object, so that there is no class; give the names of the classes.");
        }

        var keys = classes.Select((name, index) => (name, Key: (uint)index + 1)).ToDictionary(pair => pair.name, pair => pair.Key);
        return new AnnotatedImagesView<VocImage>(
            [.. files.Select(file => ImageOf(file, folder, keys, intake))],
            [
                AnnotatedColumn<VocImage>.Value("ImageId", TextDataViewType.Instance, image => image.Id.AsMemory()),
                AnnotatedColumn<VocImage>.Value("ImagePath", TextDataViewType.Instance, image => image.Path.AsMemory()),
                AnnotatedColumn<VocImage>.Value("ImageWidth", NumberDataViewType.Int32, image => image.Width),
                AnnotatedColumn<VocImage>.Value("ImageHeight", NumberDataViewType.Int32, image => image.Height),
                AnnotatedColumn<VocImage>.Image("Image"),
                AnnotatedColumn<VocImage>.Vector("Label", ClassKeys.Type(classes.Length), image => image.Labels, ClassKeys.Annotations(classes)),
                AnnotatedColumn<VocImage>.Vector("BoundingBoxes", NumberDataViewType.Single, image => image.Boxes),
                AnnotatedColumn<VocImage>.Vector("IsDifficult", BooleanDataViewType.Instance, image => image.IsDifficult),
            ]);
    }

    /// <summary>The files of the set in its order, or all in order of their names.</summary>
    private static VocFile[] Files(string annotationFolder, IEnumerable<string>? imageSet)
    {
        var annotations = new FolderFiles(annotationFolder);
        if (imageSet is null)
        {
            string[] all = [.. Directory.GetFiles(annotationFolder, "*" + Extension).Order(StringComparer.Ordinal)];
            return all.Length > 0 ? Array.ConvertAll(all, VocFile.Read) : throw new InvalidDataException($"There is no *{Extension} in '{annotationFolder}'.");
        }

        var files = new List<VocFile>();
        var seen = new HashSet<string>();
        foreach (var name in imageSet)
        {
            var element = string.Create(CultureInfo.InvariantCulture, $"imageSet[{files.Count}]");
            if (!seen.Add(name))
            {
                throw new InvalidDataException($"{element} is '{name}', which the image set has twice.");
            }

            files.Add(VocFile.Read(annotations.Find(name + Extension, () => element)));
        }

        return files.Count > 0 ? [.. files] : throw new InvalidDataException("The image set is empty.");
    }

    /// <summary>Corners count from 1 and both belong to the box: from 0 and with an exclusive end, that is one less for the first corner and the same number for the second.</summary>
    private static VocImage ImageOf(VocFile file, FolderFiles folder, Dictionary<string, uint> keys, BoxIntake intake)
    {
        var labels = new List<uint>();
        var boxes = new List<float>();
        var difficult = new List<bool>();
        foreach (var found in file.Objects)
        {
            if (!keys.TryGetValue(found.Name, out var key))
            {
                throw file.Fault(found.Element, $"is of a class that is not among those given: {string.Join(", ", keys.Keys)}");
            }

            var taken = intake.Take(
                found.Box[0] - 1, found.Box[1] - 1, found.Box[2], found.Box[3], file.Width, file.Height,
                () => string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {found.Element}: bndbox (xmin {found.Box[0]}, ymin {found.Box[1]}, xmax {found.Box[2]}, ymax {found.Box[3]})"));
            if (taken is { } box)
            {
                labels.Add(key);
                boxes.AddRange([(float)box.X0, (float)box.Y0, (float)box.X1, (float)box.Y1]);
                difficult.Add(found.IsDifficult);
            }
        }

        return new VocImage
        {
            Id = Path.GetFileNameWithoutExtension(file.Path),
            Path = folder.Find(file.ImageFile, () => $"{file.Path}: filename"),
            Width = file.Width,
            Height = file.Height,
            Labels = [.. labels],
            Boxes = [.. boxes],
            IsDifficult = [.. difficult],
        };
    }
}
