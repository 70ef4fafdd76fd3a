using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Takes images from a column and disposes those that belong to the taker.</summary>
/// <remarks>
/// Most image columns (a loader, a resizer) make a new image for each call, which the caller has to dispose; a view over objects in memory hands out
/// the image that its owner still holds, and disposing that would spoil the owner's data. The type of a column does not tell which it is, but two
/// calls for one row do: only the second kind gives the same object twice.
/// </remarks>
internal sealed class ImageSource(ValueGetter<MLImage> getter) : IDisposable
{
    private MLImage? _image;
    private bool? _belongsToTaker;

    /// <summary>The image of the row as it stands, good until the next call; null where the row has none.</summary>
    public MLImage? Take()
    {
        if (_belongsToTaker is null)
        {
            FindOwner();
            return _image;
        }

        // The getter gets no image to replace: some dispose it and then, where the row has none, leave it there.
        var before = _image;
        _image = null;
        try
        {
            getter(ref _image!);
        }
        finally
        {
            if (_belongsToTaker.Value && !ReferenceEquals(before, _image))
            {
                before?.Dispose();
            }
        }

        return _image;
    }

    public void Dispose()
    {
        if (_belongsToTaker == true)
        {
            _image?.Dispose();
        }
    }

    private void FindOwner()
    {
        MLImage? first = null;
        getter(ref first!);
        if (first is null)
        {
            return;
        }

        getter(ref _image!);
        _belongsToTaker = !ReferenceEquals(first, _image);
        if (_belongsToTaker.Value)
        {
            // A resizer hands on an image that needs no resizing, and disposes it when it is called again: the second is the one to keep.
            first.Dispose();
        }
    }
}
