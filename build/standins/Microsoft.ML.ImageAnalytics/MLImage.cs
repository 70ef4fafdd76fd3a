namespace Microsoft.ML.Data;

/// <summary>An image in memory: four bytes a pixel, colours multiplied by their alpha, rows without padding.</summary>
public sealed class MLImage : IDisposable
{
    private const int BytesPerPixel = 4;
    private const int EncodingQuality = 100;

    /// <summary>Null once disposed.</summary>
    private byte[] _pixels;
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _pixelFormat;

    private MLImage(int width, int height, MLPixelFormat pixelFormat, byte[] pixels)
    {
        _width = width;
        _height = height;
        _pixelFormat = pixelFormat;
        _pixels = pixels;
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        if (imagePath == null)
        {
            throw new ArgumentNullException(nameof(imagePath));
        }

        var image = File.Exists(imagePath) ? DecodeOrNull(File.ReadAllBytes(imagePath)) : null;
        return image ?? throw new ArgumentException($"'{imagePath}' is no file with an image that can be decoded.", nameof(imagePath));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat != MLPixelFormat.Bgra32 && pixelFormat != MLPixelFormat.Rgba32)
        {
            throw new ArgumentException($"The pixel format must be Bgra32 or Rgba32, not {pixelFormat}.", nameof(pixelFormat));
        }

        if (width <= 0)
        {
            throw new ArgumentException($"The width must be positive, not {width}.", nameof(width));
        }

        if (height <= 0)
        {
            throw new ArgumentException($"The height must be positive, not {height}.", nameof(height));
        }

        if (imagePixelData.Length != width * height * BytesPerPixel)
        {
            throw new ArgumentException($"{width}x{height} pixels take {width * height * BytesPerPixel} bytes, not {imagePixelData.Length}.",
                nameof(imagePixelData));
        }

        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    private static MLImage DecodeOrNull(ReadOnlySpan<byte> file)
    {
        byte[] pixels = ImageCodecs.DecodeOrNull(file, out int width, out int height);
        return pixels == null ? null : new MLImage(width, height, MLPixelFormat.Bgra32, pixels);
    }

    public MLPixelFormat PixelFormat
    {
        get
        {
            CheckNotDisposed();
            return _pixelFormat;
        }
    }

    public ReadOnlySpan<byte> Pixels
    {
        get
        {
            CheckNotDisposed();
            return _pixels;
        }
    }

    public int Width
    {
        get
        {
            CheckNotDisposed();
            return _width;
        }
    }

    public int Height
    {
        get
        {
            CheckNotDisposed();
            return _height;
        }
    }

    public void Save(string imagePath)
    {
        CheckNotDisposed();
        string extension = Path.GetExtension(imagePath).ToLowerInvariant();
        if (extension != ".png" && extension != ".jpg" && extension != ".jpeg" && extension != ".webp")
        {
            throw new ArgumentException($"An image cannot be saved as '{extension}'; '.png', '.jpg' and '.webp' can.", nameof(imagePath));
        }

        byte[] file = ImageCodecs.EncodeOrNull(extension, _pixels, _width, _height, _pixelFormat == MLPixelFormat.Rgba32, EncodingQuality)
            ?? throw new ArgumentException($"The image could not be encoded as '{extension}'.", nameof(imagePath));
        File.WriteAllBytes(imagePath, file);
    }

    public void Dispose() => _pixels = null;

    /// <summary>Stretched to the size; as the real one does, without smoothing.</summary>
    internal MLImage Stretch(int width, int height)
    {
        CheckNotDisposed();
        return new MLImage(width, height, _pixelFormat, ImageCodecs.Resize(_pixels, _width, _height, width, height, ImageCodecs.Interpolation.Nearest));
    }

    /// <summary>Scaled to scaledWidth x scaledHeight and laid on a black canvas at (left, top); what falls outside is cut off.</summary>
    internal MLImage ScaleOnto(int width, int height, int left, int top, int scaledWidth, int scaledHeight)
    {
        CheckNotDisposed();
        byte[] scaled = ImageCodecs.Resize(_pixels, _width, _height, scaledWidth, scaledHeight, ImageCodecs.Interpolation.Smooth);
        var canvas = new byte[checked(width * height * BytesPerPixel)];
        int firstColumn = Math.Max(0, left);
        int columns = Math.Min(width, left + scaledWidth) - firstColumn;
        for (int row = Math.Max(0, top); columns > 0 && row < Math.Min(height, top + scaledHeight); row++)
        {
            int from = ((row - top) * scaledWidth + firstColumn - left) * BytesPerPixel;
            int to = (row * width + firstColumn) * BytesPerPixel;
            scaled.AsSpan(from, columns * BytesPerPixel).CopyTo(canvas.AsSpan(to));
            for (int column = 0; column < columns; column++)
            {
                canvas[to + column * BytesPerPixel + 3] = byte.MaxValue;
            }
        }

        return new MLImage(width, height, _pixelFormat, canvas);
    }

    private void CheckNotDisposed()
    {
        if (_pixels == null)
        {
            throw new InvalidOperationException("The image is disposed.");
        }
    }
}
