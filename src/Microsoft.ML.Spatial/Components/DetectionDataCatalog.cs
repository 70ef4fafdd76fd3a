using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML;

/// <summary>Public formats of detection data in the catalog of <c>MLContext.Data</c>.</summary>
public static class DetectionDataCatalog
{
    private const string Remedy = $"load with {nameof(InvalidBoxes)}.{nameof(InvalidBoxes.Clip)} or {nameof(InvalidBoxes.Skip)}";

    /// <summary>Loads a COCO instances file as a view with one row an image, in the order of the file.</summary>
    /// <remarks>
    /// Columns: <c>ImageId</c> (Int64), <c>ImagePath</c> (text), <c>ImageWidth</c> and <c>ImageHeight</c> (Int32), <c>Image</c> (<c>MLImage</c>, decoded each time
    /// that it is asked for), and for each object of the image <c>Label</c> (keys, whose values are the category names in the order of their ids),
    /// <c>BoundingBoxes</c> (x0 y0 x1 y1 in pixels, ends exclusive: COCO's x y width height converted), <c>Area</c> (of the outline where the file has it, else
    /// of the box) and <c>IsCrowd</c> (booleans). Annotations are read at once and kept, outlines left out; images are only looked for, and never kept.
    /// A file without <c>annotations</c>, as test sets have it, has images without objects.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="annotationFile">The JSON file.</param>
    /// <param name="imageFolder">The folder in which the file names of the images are; none may lead out of it.</param>
    /// <param name="invalidBoxes">What to do with boxes that reach outside their image or have no area.</param>
    /// <exception cref="InvalidDataException">Something in the file cannot be used; the error names the file, the element and the value.</exception>
    /// <exception cref="IOException">The file or the folder is not there or cannot be read.</exception>
    public static IDataView LoadCocoInstances(this DataOperationsCatalog catalog, string annotationFile, string imageFolder, InvalidBoxes invalidBoxes = InvalidBoxes.Fail)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(annotationFile);
        ArgumentException.ThrowIfNullOrWhiteSpace(imageFolder);
        OptionCheck.Defined(invalidBoxes, nameof(invalidBoxes));
        var intake = new BoxIntake(invalidBoxes, Remedy);
        var view = CocoInstances.Load(annotationFile, new FolderFiles(imageFolder), intake);
        Warn(catalog, nameof(LoadCocoInstances), annotationFile, intake);
        return view;
    }

    /// <summary>Loads a folder of Pascal VOC annotations as a view with one row an image.</summary>
    /// <remarks>
    /// Columns: <c>ImageId</c> (text: the name of the XML file without extension), <c>ImagePath</c> (text), <c>ImageWidth</c> and <c>ImageHeight</c> (Int32),
    /// <c>Image</c> (<c>MLImage</c>, decoded each time that it is asked for), and for each object of the image <c>Label</c> (keys, whose values are the class
    /// names), <c>BoundingBoxes</c> (x0 y0 x1 y1 in pixels from 0, ends exclusive: the files' corners count from 1 and are both inside, so that
    /// x0 = xmin - 1 and x1 = xmax) and <c>IsDifficult</c> (booleans). Annotations are read at once and kept; images are only looked for, and never kept.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="annotationFolder">The folder of XML files.</param>
    /// <param name="imageFolder">The folder in which the file names of the images are; none may lead out of it.</param>
    /// <param name="imageSet">
    /// The images to load, in their order: names of XML files without extension, as the lines of an image set have them; null is every XML file, by name.
    /// </param>
    /// <param name="classNames">The classes in the order of their keys, so that other images have the same keys; null is those that occur, by name.</param>
    /// <param name="invalidBoxes">What to do with boxes that reach outside their image or have no area.</param>
    /// <exception cref="ArgumentException">A class name is blank or there twice.</exception>
    /// <exception cref="InvalidDataException">Something in a file cannot be used; the error names the file, the element and the value.</exception>
    /// <exception cref="IOException">A folder is not there or a file cannot be read.</exception>
    public static IDataView LoadPascalVoc(
        this DataOperationsCatalog catalog,
        string annotationFolder,
        string imageFolder,
        IEnumerable<string>? imageSet = null,
        IEnumerable<string>? classNames = null,
        InvalidBoxes invalidBoxes = InvalidBoxes.Fail)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(annotationFolder);
        ArgumentException.ThrowIfNullOrWhiteSpace(imageFolder);
        OptionCheck.Defined(invalidBoxes, nameof(invalidBoxes));
        var classes = classNames?.ToArray();
        var seen = new HashSet<string>();
        if (classes is not null && Array.FindIndex(classes, name => string.IsNullOrWhiteSpace(name) || !seen.Add(name)) is var bad and >= 0)
        {
            throw new ArgumentException($"Class name {bad} is '{classes[bad]}'; each must be there once and not be blank.", nameof(classNames));
        }

        var intake = new BoxIntake(invalidBoxes, Remedy);
        var view = VocAnnotations.Load(annotationFolder, new FolderFiles(imageFolder), imageSet, classes, intake);
        Warn(catalog, nameof(LoadPascalVoc), annotationFolder, intake);
        return view;
    }

    /// <summary>
    /// Saves detections as COCO results: a JSON array of image_id, category_id, bbox (x, y, width, height) and score. The file is there whole or not at all.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The scored rows, one an image.</param>
    /// <param name="path">The file; its folder is made where it is not there, and an old file stays until the new one is whole.</param>
    /// <param name="imageIdColumnName">The column of image numbers, Int64.</param>
    /// <param name="predictedLabelColumnName">The column of predicted labels, a vector of keys.</param>
    /// <param name="predictedBoundingBoxColumnName">The column of predicted boxes, a float vector of x0 y0 x1 y1 a predicted object.</param>
    /// <param name="scoreColumnName">The column of scores, a float vector of one a predicted object.</param>
    /// <param name="labelColumnName">
    /// The label column from <see cref="LoadCocoInstances"/>, which knows the category ids by the names of the classes; it need not be there.
    /// </param>
    /// <param name="categoryIds">Category ids by the names of the classes; null takes those of the label column, and where it has none the keys themselves, from 1.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or a predicted class has no category id.</exception>
    /// <exception cref="InvalidDataException">A value cannot be used; the error names it, its column and its row.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveCocoResults(
        this DataOperationsCatalog catalog,
        IDataView data,
        string path,
        string imageIdColumnName = "ImageId",
        string predictedLabelColumnName = "PredictedLabel",
        string predictedBoundingBoxColumnName = "PredictedBoundingBoxes",
        string scoreColumnName = "Score",
        string labelColumnName = "Label",
        IReadOnlyDictionary<string, long>? categoryIds = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var imageId = Columns.Find(data.Schema, imageIdColumnName, "image id", nameof(SaveCocoResults));
        if (imageId.Type is not NumberDataViewType type || type != NumberDataViewType.Int64)
        {
            throw new ArgumentOutOfRangeException(
                nameof(data),
                imageId.Type.ToString(),
                $"The image id column '{imageIdColumnName}' is of type {imageId.Type}; {nameof(SaveCocoResults)} needs {NumberDataViewType.Int64}, as COCO's image ids are numbers.");
        }

        var columns = DetectedObjectColumns.Find(data.Schema, predictedLabelColumnName, predictedBoundingBoxColumnName, scoreColumnName, nameof(SaveCocoResults));
        var ids = CocoResults.CategoryIds(columns.Labels, data.Schema.GetColumnOrNull(labelColumnName), categoryIds);
        WholeFile.Write(path, stream => CocoResults.Write(stream, data, imageId, columns, ids));
    }

    private static void Warn(DataOperationsCatalog catalog, string component, string source, BoxIntake intake)
    {
        if (intake.Report is { } report)
        {
            using var channel = MlNetInternals.EnvironmentOf(catalog).Start(component);
            channel.Warning(MessageSensitivity.None, $"'{source}': {report}");
        }
    }
}
