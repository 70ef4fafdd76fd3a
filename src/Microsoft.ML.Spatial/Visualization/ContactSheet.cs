using System.Drawing;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>
/// A grid of samples as one picture: what went into a model, where its transformer looked, what came out, and what it made of it.
/// </summary>
/// <remarks>
/// Every picture is enlarged by the largest whole factor that keeps it within <see cref="PictureSide"/>, so that small inputs stay
/// sharp and pictures of different sizes line up. Cells take the width of the widest and the height of the highest.
/// </remarks>
/// <example>
/// <code>
/// var sheet = new ContactSheet(columns: 4) { Title = "Test pictures" };
/// sheet.Add(new SheetCell(
///     [SheetPicture.FromImage(image, ThetaOverlay.Quadrilateral(theta, image.Width, image.Height)), SheetPicture.FromValues(rectified, 1, 28, 28)],
///     [new SheetCaption("Bag -> Bag 99 %", Color.LightGreen)]));
/// sheet.Save("sheet.png");
/// </code>
/// </example>
public sealed class ContactSheet
{
    private const int Gap = 6;
    private const int Margin = 16;
    private const float LineThickness = 2;
    private const float PointSize = 4;

    private static readonly Color Background = Color.FromArgb(32, 34, 40);
    private static readonly Color TitleColor = Color.FromArgb(235, 235, 235);

    private readonly int _columns;
    private readonly int _pictureSide = 196;
    private readonly int _textScale = 2;
    private readonly List<SheetCell> _cells = [];

    /// <summary>Makes an empty sheet.</summary>
    /// <param name="columns">The number of cells in a row.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is not positive.</exception>
    public ContactSheet(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        _columns = columns;
    }

    /// <summary>A line of text above the cells; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>The side of the square that each picture is enlarged into, in pixels; larger pictures are drawn as they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int PictureSide
    {
        get => _pictureSide;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _pictureSide = value;
        }
    }

    /// <summary>The whole factor by which the five by seven pixels of a letter are enlarged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int TextScale
    {
        get => _textScale;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _textScale = value;
        }
    }

    /// <summary>Adds a cell at the end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="cell"/> is null.</exception>
    public void Add(SheetCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        _cells.Add(cell);
    }

    /// <summary>Draws the sheet.</summary>
    /// <returns>An opaque image that the caller disposes.</returns>
    public MLImage ToImage()
    {
        var canvas = Draw();
        return MLImage.CreateFromPixels(canvas.Width, canvas.Height, MLPixelFormat.Bgra32, canvas.Pixels);
    }

    /// <summary>Draws the sheet into a file, in the format that the file name's extension states. A file already there is replaced in one step.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // The extension stays the last, because it decides the format.
        var beside = Path.ChangeExtension(path, $".{Guid.NewGuid():N}{Path.GetExtension(path)}");
        try
        {
            using (var image = ToImage())
                image.Save(beside);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Draws the sheet as plain pixels.</summary>
    internal Canvas Draw()
    {
        int lineHeight = (PixelFont.Height + 2) * TextScale;
        int cellWidth = _cells.Select(CellWidth).DefaultIfEmpty(0).Max();
        int pictureHeight = _cells.SelectMany(c => c.Pictures).Select(p => p.Height * Factor(p)).DefaultIfEmpty(0).Max();
        int cellHeight = pictureHeight + Gap + lineHeight * _cells.Select(c => c.Captions.Count).DefaultIfEmpty(0).Max();
        int rows = (_cells.Count + _columns - 1) / _columns;
        int columns = Math.Min(_columns, _cells.Count);
        int top = Margin + (Title.Length > 0 ? lineHeight + Gap : 0);
        var canvas = new Canvas(
            Math.Max(Margin + columns * (cellWidth + Margin), 2 * Margin + PixelFont.Measure(Title) * TextScale),
            top + rows * (cellHeight + Margin),
            Background);

        canvas.DrawText(Title, Margin, Margin, TextScale, TitleColor);
        for (int k = 0; k < _cells.Count; k++)
        {
            int x = Margin + k % _columns * (cellWidth + Margin);
            int y = top + k / _columns * (cellHeight + Margin);
            DrawPictures(canvas, _cells[k], x, y, pictureHeight);
            for (int line = 0; line < _cells[k].Captions.Count; line++)
            {
                var caption = _cells[k].Captions[line];
                canvas.DrawText(caption.Text, x, y + pictureHeight + Gap + line * lineHeight, TextScale, caption.Color);
            }
        }

        return canvas;
    }

    private void DrawPictures(Canvas canvas, SheetCell cell, int left, int top, int height)
    {
        foreach (var picture in cell.Pictures)
        {
            int factor = Factor(picture);
            int y = top + (height - picture.Height * factor) / 2;
            canvas.DrawPicture(picture, left, y, factor);

            // An outline may leave its picture, but not cross into the next one.
            var clip = Rectangle.Inflate(new Rectangle(left, y, picture.Width * factor, picture.Height * factor), Gap / 2, Gap / 2);
            // The first side last, so that it lies on top.
            for (int k = picture.Outline.Count - 1; k >= 0; k--)
                canvas.DrawLine(Place(k), Place((k + 1) % picture.Outline.Count), LineThickness, k < picture.Outline.Count / 4 ? picture.FirstEdgeColor : picture.OutlineColor, clip);
            DrawOverlay(canvas, picture.Overlay, clip, factor);
            left += picture.Width * factor + Gap;

            PointF Place(int corner) => new(clip.X + Gap / 2 + picture.Outline[corner].X * factor, clip.Y + Gap / 2 + picture.Outline[corner].Y * factor);
        }
    }

    /// <summary>Draws what lies over a picture; the clip is the picture and half a gap around it.</summary>
    private void DrawOverlay(Canvas canvas, SheetOverlay overlay, Rectangle clip, int factor)
    {
        foreach (var line in overlay.Lines.Where(line => IsFinite(line.From) && IsFinite(line.To)))
            canvas.DrawLine(Place(line.From), Place(line.To), LineThickness, line.Color, clip);

        // A line of no length is a dot.
        foreach (var point in overlay.Points.Where(point => IsFinite(point.At)))
            canvas.DrawLine(Place(point.At), Place(point.At), PointSize, point.Color, clip);
        foreach (var label in overlay.Labels.Where(label => IsFinite(label.At)))
        {
            var at = Place(label.At);
            int left = (int)Math.Clamp(at.X + LineThickness, clip.Left, Math.Max(clip.Left, clip.Right - PixelFont.Measure(label.Text) * TextScale));
            int top = (int)Math.Clamp(at.Y + LineThickness, clip.Top, Math.Max(clip.Top, clip.Bottom - PixelFont.Height * TextScale));
            canvas.DrawText(label.Text, left, top, TextScale, label.Color);
        }

        PointF Place(PointF point) => new(clip.X + Gap / 2 + point.X * factor, clip.Y + Gap / 2 + point.Y * factor);
        static bool IsFinite(PointF point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
    }

    private int CellWidth(SheetCell cell) => Math.Max(
        cell.Pictures.Sum(p => p.Width * Factor(p) + Gap) - Gap,
        cell.Captions.Select(c => PixelFont.Measure(c.Text) * TextScale).DefaultIfEmpty(0).Max());

    private int Factor(SheetPicture picture) => Math.Max(1, PictureSide / Math.Max(picture.Width, picture.Height));
}
