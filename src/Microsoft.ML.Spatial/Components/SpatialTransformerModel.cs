using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained network with its settings, on its device, ready to score from several threads at once.</summary>
internal sealed class SpatialTransformerModel : NetworkModel<SpatialModelSettings, SpatialNetwork>
{
    private const string Stream = "Network.bin";

    public SpatialTransformerModel(SpatialModelSettings settings, SpatialNetwork network, Device device)
        : base(settings, network, device, Stream)
    {
        Columns = OutputColumn.Of(settings);
    }

    public override string ImageColumnName => Settings.ImageColumnName;

    public override ImageShape Shape => Settings.Shape;

    public override ImageResizing Resizing => Settings.Resizing;

    public override int BatchSize => Settings.BatchSize;

    public override IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Reads a model from ML.NET's load context.</summary>
    public static SpatialTransformerModel Load(IHostEnvironment environment, object context, ModelVersion version) =>
        Load(environment, context, version, Stream, (settings, weights) => settings.Checked(weights).ToNetworkSpec().Build(), (settings, network, device) => new SpatialTransformerModel(settings, network, device));

    public override ScoredBatch Score(float[] pixels, ImageSize[] sizes, int count, IReadOnlySet<NetworkOutput> wanted)
    {
        CheckNotDisposed();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = ImageTensor.Of(pixels, count, Shape, Device);
        var wantsScores = wanted.Contains(NetworkOutput.Score) || wanted.Contains(NetworkOutput.PredictedLabel);
        Tensor? logits = null, theta = null, rectified = null;
        if (wantsScores)
        {
            (logits, theta, rectified) = Network.Run(input);
        }
        else
        {
            // The classifier does not run for the rectified image and theta alone.
            (rectified, theta) = Network.Rectify(input);
        }

        return new SpatialScores(
            wantsScores ? CpuFloats.Copy(logits!.softmax(1)) : null,
            wanted.Contains(NetworkOutput.Theta) ? CpuFloats.Copy(theta!) : null,
            wanted.Contains(NetworkOutput.RectifiedVector) || wanted.Contains(NetworkOutput.RectifiedImage) ? CpuFloats.Copy(rectified!) : null);
    }

    public override Delegate Getter(OutputColumn column, Func<(ScoredBatch Batch, int Row)> current)
    {
        (SpatialScores, int) Current()
        {
            var (batch, row) = current();
            return ((SpatialScores)batch, row);
        }

        return column.Output switch
        {
            NetworkOutput.PredictedLabel => LabelGetter(Current),
            NetworkOutput.Score => VectorGetter(Current, batch => batch.Scores!, Settings.Classes),
            NetworkOutput.Theta => VectorGetter(Current, batch => batch.Thetas!, ((VectorDataViewType)column.Type).Size),
            NetworkOutput.RectifiedVector => VectorGetter(Current, batch => batch.Rectified!, Settings.RectifiedShape.Length),
            _ => ImageGetter(Current),
        };
    }

    private ValueGetter<uint> LabelGetter(Func<(SpatialScores Batch, int Row)> current) => (ref uint target) =>
    {
        var (batch, row) = current();
        target = (uint)ArgMax(batch.Scores.AsSpan(row * Settings.Classes, Settings.Classes)) + 1;
    };

    private ValueGetter<MLImage> ImageGetter(Func<(SpatialScores Batch, int Row)> current) => (ref MLImage target) =>
    {
        var (batch, row) = current();
        var shape = Settings.RectifiedShape;
        var image = ImagePixels.FromPlanes(batch.Rectified.AsSpan(row * shape.Length, shape.Length), shape);
        target?.Dispose();
        target = image;
    };

    private static ValueGetter<VBuffer<float>> VectorGetter(Func<(SpatialScores Batch, int Row)> current, Func<SpatialScores, float[]> values, int length) => (ref VBuffer<float> target) =>
    {
        var (batch, row) = current();
        var editor = VBufferEditor.Create(ref target, length);
        values(batch).AsSpan(row * length, length).CopyTo(editor.Values);
        target = editor.Commit();
    };

    private static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
