using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// Poolings of RoIs by torch's operators, on any device and in any type. A bin's mean is a product of matrices: its weights on all pixels, which are products of its
/// weights on rows and on columns, and the picture. RoIs are taken some at a time, so that these weights stay within bounds.
/// </summary>
internal static class ComposedRoIPool
{
    // Weights in memory at a time.
    private const long MostWeights = 1 << 23;

    // A place before every picture.
    private const double Nowhere = -32768;

    /// <summary>Pools checked tensors.</summary>
    internal static Tensor Apply(Tensor input, Tensor? offsets, RoIPooling pooling)
    {
        using var scope = torch.NewDisposeScope();
        long[] order = [.. Enumerable.Range(0, pooling.Count).OrderBy(pooling.PictureOf).Select(roi => (long)roi)];
        if (!order.SequenceEqual(order.Order()))
        {
            // RoIs of one picture are taken together where they stand together.
            var places = new long[order.Length];
            for (var i = 0; i < order.Length; i++)
                places[order[i]] = i;
            Tensor Taken(Tensor tensor, long[] rows) => tensor.index_select(0, TensorFactory.FromArray<long>(rows, [rows.Length], tensor.device));
            var sorted = pooling with { RoIs = [.. order.SelectMany(roi => pooling.RoIs[((int)roi * RoIPooling.Columns)..(((int)roi + 1) * RoIPooling.Columns)])] };
            return Taken(Apply(input, offsets is null ? null : Taken(offsets, order), sorted), places).MoveToOuterDisposeScope();
        }

        var type = input.dtype;
        var least = LeastOf(type);
        if (type is ScalarType.Float16 or ScalarType.BFloat16)
        {
            // Numbers of pixels and of samples, and places between pixels, need more digits than these types have.
            (input, offsets) = (input.to_type(ScalarType.Float32), offsets?.to_type(ScalarType.Float32));
        }

        var pieces = new List<Tensor>();
        for (var first = 0; first < pooling.Count && pooling.Shape.OutputChannels > 0;)
        {
            var map = input.select(0, pooling.PictureOf(first));
            var count = pooling.IsMaximum ? 1 : Together(pooling, first);
            pieces.Add(pooling.IsMaximum ? Maximum(map, pooling, first, least) : Mean(map, offsets?.narrow(0, first, count), pooling, first, count));
            first += count;
        }

        if (pieces.Count > 0)
            return cat(pieces, 0).to_type(type).MoveToOuterDisposeScope();

        // Nothing, but part of the graph: the input's gradient is zero, and not missing.
        var nothing = TensorFactory.Zeros(pooling.OutputShape, input.dtype, input.device);
        var graph = input.sum().mul((Scalar)0);
        if (offsets is not null)
            graph = graph.add(offsets.sum().mul((Scalar)0));
        return nothing.add(graph).to_type(type).MoveToOuterDisposeScope();
    }

    /// <summary>What a maximum over nothing but what is not a number is in a type.</summary>
    private static double LeastOf(ScalarType type) => type switch
    {
        ScalarType.Float16 => (double)Half.MinValue,
        ScalarType.BFloat16 => -Math.ScaleB(2 - Math.ScaleB(1, -7), 127),
        _ => BinMaxKernel.Least,
    };

    /// <summary>How many RoIs from one on are taken together: of one picture, and so few that their weights stay within bounds.</summary>
    private static int Together(RoIPooling pooling, int first)
    {
        var shape = pooling.Shape;
        var (count, most) = (0, 0L);
        while (first + count < pooling.Count && pooling.PictureOf(first + count) == pooling.PictureOf(first))
        {
            var samples = 0L;
            if (pooling.Lattice is { } lattice)
            {
                var (vertical, horizontal) = Spans<double>(pooling, lattice, first + count, 1);
                samples = ((long)Math.Max(vertical[0].Samples, 0) * shape.Height) + ((long)Math.Max(horizontal[0].Samples, 0) * shape.Width);
            }

            most = Math.Max(most, (long)shape.Classes * shape.Bins * Math.Max(shape.Area, samples));
            if (count > 0 && (count + 1) * most > MostWeights)
                break;
            count++;
        }

        return count;
    }

    /// <summary>Some RoIs of one picture: <c>[count, C, Ho, Wo]</c>.</summary>
    private static Tensor Mean(Tensor map, Tensor? offsets, RoIPooling pooling, int first, int count)
    {
        var shape = pooling.Shape;
        var (rows, columns) = pooling.Lattice is { } lattice
            ? SampledWeights(map, offsets, pooling, lattice, first, count)
            : PixelWeights(map, pooling, first, count);

        // [classes, bins, count, area]
        var weights = rows.unsqueeze(-1).mul(columns.unsqueeze(-2)).view(count, -1, shape.Bins, shape.Area)
            .broadcast_to(count, shape.Classes, shape.Bins, shape.Area).permute(1, 2, 0, 3);

        // [classes, groups, area, channels of a class]
        var groups = map.contiguous().view(shape.Classes, shape.ChannelsOfClass, shape.Groups, shape.Area).permute(0, 2, 3, 1);
        Tensor output;
        if (shape.Groups == 1)
        {
            output = weights.reshape(shape.Classes, 1, shape.Bins * count, shape.Area).matmul(groups);
        }
        else
        {
            var ofBins = Enumerable.Range(0, shape.Bins).Select(bin => groups.select(1, shape.GroupOf(bin / shape.PooledWidth, bin % shape.PooledWidth)));
            output = weights.matmul(stack(ofBins, 1));
        }

        return output.view(shape.Classes, shape.Bins, count, shape.ChannelsOfClass).permute(2, 0, 3, 1)
            .reshape(count, shape.OutputChannels, shape.PooledHeight, shape.PooledWidth);
    }

    /// <summary>Weights on rows and columns, <c>[count, 1 or classes, bins, H or W]</c>, of bins of samples.</summary>
    private static (Tensor Rows, Tensor Columns) SampledWeights(Tensor map, Tensor? offsets, RoIPooling pooling, RoILattice lattice, int first, int count)
    {
        var shape = pooling.Shape;
        var (vertical, horizontal) = map.dtype == ScalarType.Float32 ? Spans<float>(pooling, lattice, first, count) : Spans<double>(pooling, lattice, first, count);
        var (shiftX, shiftY) = (Shift(0, horizontal), Shift(1, vertical));
        var (rows, insideRows) = AxisWeights(map, Positions(vertical, shape.PooledHeight, 1), shiftY, shape.Height, lattice.Reach);
        var (columns, insideColumns) = AxisWeights(map, Positions(horizontal, 1, shape.PooledWidth), shiftX, shape.Width, lattice.Reach);
        var samples = lattice.IsCornered
            ? insideRows.mul(insideColumns)
            : Constants([.. vertical.Zip(horizontal, (v, h) => (double)v.Samples * h.Samples)], [count, 1, 1, 1], map);
        return (rows.div(samples.clamp(min: (Scalar)1)), columns);

        // How far each bin is moved: [count, classes, bins, 1], or nothing.
        Tensor? Shift(int axis, Axis[] sizes)
        {
            if (offsets is null)
                return null;
            long[] parts = [.. Enumerable.Range(0, shape.Bins).Select(bin => (long)shape.PartOf(bin / shape.PooledWidth, bin % shape.PooledWidth))];
            var index = TensorFactory.FromArray<long>(parts, [1, 1, parts.Length], map.device).broadcast_to(count, shape.Classes, parts.Length);
            var own = offsets.reshape(count, shape.Classes, 2, shape.Parts).select(2, axis).gather(2, index);
            return own.mul(lattice.OffsetScale).mul(Constants([.. sizes.Select(size => size.Size)], [count, 1, 1], map)).unsqueeze(-1);
        }

        // The samples' places without a move, [count, 1, bins, samples]; bins with fewer samples have no number for the rest, which no move makes a place.
        Tensor Positions(Axis[] axes, int rowsOfBins, int columnsOfBins)
        {
            var bins = rowsOfBins * columnsOfBins;
            var (low, high) = offsets is null
                ? (-lattice.Reach, Math.Max(shape.Height, shape.Width) - 1 + lattice.Reach)
                : (double.NegativeInfinity, double.PositiveInfinity);
            double[][] own = [.. axes.SelectMany(axis => Enumerable.Range(0, bins).Select(bin => axis.Places(bin, low, high)))];
            var most = Math.Max(1, own.Max(places => places.Length));
            var places = new double[own.Length * most];
            Array.Fill(places, double.NaN);
            for (var i = 0; i < own.Length; i++)
                own[i].CopyTo(places, i * most);

            return Constants(places, [count, 1, rowsOfBins, columnsOfBins, most], map)
                .broadcast_to(count, 1, shape.PooledHeight, shape.PooledWidth, most).reshape(count, 1, shape.Bins, most);
        }
    }

    /// <summary>Weights of samples on the pixels of an axis, added up, and how many samples lie inside.</summary>
    private static (Tensor Weights, Tensor Inside) AxisWeights(Tensor map, Tensor positions, Tensor? shift, int side, double reach)
    {
        // Without a number, or moved too far, a sample is nowhere, and passes no gradient on.
        var at = (shift is null ? positions : positions.add(shift)).nan_to_num(Nowhere, Nowhere, Nowhere).unsqueeze(-1);
        var inside = at.detach().clamp(-reach, side - 1 + reach).eq(at).to_type(map.dtype);
        var read = at.clamp(0, side - 1);
        var pixel = read.detach().floor();
        var fraction = read.sub(pixel);
        var pixels = Constants([.. Enumerable.Range(0, side).Select(i => (double)i)], [side], map);
        Tensor On(Tensor place, Tensor weight) => place.eq(pixels).to_type(map.dtype).mul(weight.mul(inside));
        var weights = On(pixel, fraction.neg().add(1)).add(On(pixel.add(1).clamp(max: (Scalar)(side - 1)), fraction));
        return (weights.sum(-2), inside.sum(-2));
    }

    /// <summary>Weights on rows and columns, <c>[count, 1, bins, H or W]</c>, of bins of whole pixels.</summary>
    private static (Tensor Rows, Tensor Columns) PixelWeights(Tensor map, RoIPooling pooling, int first, int count)
    {
        var shape = pooling.Shape;
        var (rows, columns) = (new double[count * shape.Bins * shape.Height], new double[count * shape.Bins * shape.Width]);
        for (var roi = 0; roi < count; roi++)
        {
            var (vertical, horizontal) = PixelsOf(map, pooling, first + roi);
            for (var bin = 0; bin < shape.Bins; bin++)
            {
                var (top, bottom) = vertical[bin / shape.PooledWidth];
                var (left, right) = horizontal[bin % shape.PooledWidth];
                var row = (roi * shape.Bins) + bin;
                rows.AsSpan((row * shape.Height) + top, bottom - top).Fill(1.0 / Math.Max((bottom - top) * (right - left), 1));
                columns.AsSpan((row * shape.Width) + left, right - left).Fill(1);
            }
        }

        return (Constants(rows, [count, 1, shape.Bins, shape.Height], map), Constants(columns, [count, 1, shape.Bins, shape.Width], map));
    }

    /// <summary>The maxima of one RoI: first in every row, then among the rows, so that of equal pixels the first is chosen.</summary>
    private static Tensor Maximum(Tensor map, RoIPooling pooling, int roi, double least)
    {
        var shape = pooling.Shape;
        var (vertical, horizontal) = PixelsOf(map, pooling, roi);
        var values = map.nan_to_num(least, double.PositiveInfinity, least);
        var outside = Constants([double.NegativeInfinity], [1], map);

        // [C, H, Wo, W] and [C, Wo, Ho, H]
        var ofRows = Greatest(values.unsqueeze(2), horizontal, shape.Width);
        var output = Greatest(ofRows.permute(0, 2, 1).unsqueeze(2), vertical, shape.Height).permute(0, 2, 1);
        double[] filled = [.. vertical.SelectMany(row => horizontal.Select(column => row.To > row.From && column.To > column.From ? 1.0 : 0))];
        var isFilled = Constants(filled, [shape.PooledHeight, shape.PooledWidth], map);
        return output.where(isFilled.eq((Scalar)1), outside.zeros_like()).unsqueeze(0);

        Tensor Greatest(Tensor among, (int From, int To)[] bins, int side)
        {
            var isIn = new double[bins.Length * side];
            for (var bin = 0; bin < bins.Length; bin++)
                isIn.AsSpan((bin * side) + bins[bin].From, bins[bin].To - bins[bin].From).Fill(1);
            var every = among.broadcast_to(among.shape[0], among.shape[1], bins.Length, side);
            var index = every.detach().where(Constants(isIn, [bins.Length, side], map).eq((Scalar)1), outside).argmax(3, keepdim: true);
            return every.gather(3, index).view(among.shape[0], among.shape[1], bins.Length);
        }
    }

    /// <summary>The pixels of an RoI's rows and columns of bins.</summary>
    private static ((int From, int To)[] Rows, (int From, int To)[] Columns) PixelsOf(Tensor map, RoIPooling pooling, int roi)
    {
        return map.dtype == ScalarType.Float32 ? Of<float>() : Of<double>();

        ((int, int)[], (int, int)[]) Of<T>()
            where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var (shape, values) = (pooling.Shape, Array.ConvertAll(pooling.RoIs[(roi * RoIPooling.Columns)..((roi + 1) * RoIPooling.Columns)], T.CreateChecked));
            var vertical = new PixelSpan<T>(pooling.Pixels!, values[2], values[4], shape.PooledHeight, shape.Height);
            var horizontal = new PixelSpan<T>(pooling.Pixels!, values[1], values[3], shape.PooledWidth, shape.Width);
            return ([.. Enumerable.Range(0, shape.PooledHeight).Select(vertical.Bin)], [.. Enumerable.Range(0, shape.PooledWidth).Select(horizontal.Bin)]);
        }
    }

    /// <summary>Both axes of some RoIs, computed in the type that the kernels use where that is the tensor's.</summary>
    private static (Axis[] Vertical, Axis[] Horizontal) Spans<T>(RoIPooling pooling, RoILattice lattice, int first, int count)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T Value(int roi, int column) => T.CreateChecked(pooling.RoIs[((first + roi) * RoIPooling.Columns) + column]);
        Axis Of(RoISpan<T> span) => new(double.CreateChecked(span.Size), span.Samples, (bin, low, high) =>
        {
            var (from, to) = span.Within(bin, T.Zero, T.CreateChecked(low), T.CreateChecked(high));
            return [.. Enumerable.Range(from, Math.Max(to - from, 0)).Select(sample => double.CreateChecked(span.Position(bin, sample, T.Zero)))];
        });
        var all = Enumerable.Range(0, count);
        return (
            [.. all.Select(roi => Of(new RoISpan<T>(lattice, Value(roi, 2), Value(roi, 4), pooling.Shape.PooledHeight)))],
            [.. all.Select(roi => Of(new RoISpan<T>(lattice, Value(roi, 1), Value(roi, 3), pooling.Shape.PooledWidth)))]);
    }

    private static Tensor Constants(double[] values, long[] shape, Tensor like) => TensorFactory.FromArray<double>(values, shape, like.device).to_type(like.dtype);

    /// <summary>One axis of an RoI, of whatever type it was computed in.</summary>
    /// <param name="Size">Its side in pixels.</param>
    /// <param name="Samples">Samples of a bin.</param>
    /// <param name="Places">The places of a bin's samples, at least those between two places.</param>
    private sealed record Axis(double Size, int Samples, Func<int, double, double, double[]> Places);
}
