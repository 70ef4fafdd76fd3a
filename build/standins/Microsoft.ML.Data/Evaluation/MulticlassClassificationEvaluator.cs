using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Goes through scored rows once and counts.</summary>
internal sealed class MulticlassClassificationEvaluator
{
    /// <summary>Scores are taken for probabilities and kept from zero, or one sure mistake would make the loss infinite.</summary>
    private const float LeastProbability = 1e-15f;

    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _score;
    private readonly int _classCount;

    private readonly double[][] _confusion;
    private double _rows;
    private double _correct;
    private double _logLoss;
    private long _unlabelledRows;
    private long _badScoreRows;
    private long _badLabelRows;
    private long _unknownClassRows;

    public MulticlassClassificationEvaluator(DataViewSchema schema, string label, string score, string predictedLabel)
    {
        _label = SchemaMismatch.Find(schema, nameof(schema), "label", label);
        _score = SchemaMismatch.Find(schema, nameof(schema), "score", score);
        SchemaMismatch.Find(schema, nameof(schema), "predictedLabel", predictedLabel);
        if (_score.Type is not VectorDataViewType { Size: >= 2 } scores || scores.ItemType != NumberDataViewType.Single)
        {
            throw SchemaMismatch.WrongType(nameof(schema), "score", score, "vector of two or more items of type Single", _score.Type.ToString());
        }

        if (_label.Type is not KeyDataViewType && _label.Type != NumberDataViewType.Single)
        {
            throw SchemaMismatch.WrongType(nameof(schema), "label", label, "Single or KeyType", _label.Type.ToString());
        }

        _classCount = scores.Size;
        _confusion = Enumerable.Range(0, _classCount).Select(_ => new double[_classCount]).ToArray();
    }

    public MulticlassClassificationMetrics Evaluate(IDataView data, IHostEnvironment env)
    {
        using (DataViewRowCursor cursor = data.GetRowCursor([_label, _score]))
        {
            Func<float> label = LabelReader(cursor);
            ValueGetter<VBuffer<float>> getScores = cursor.GetGetter<VBuffer<float>>(_score);
            VBuffer<float> buffer = default;
            var scores = new float[_classCount];
            while (cursor.MoveNext())
            {
                float labelValue = label();
                if (float.IsNaN(labelValue))
                {
                    _unlabelledRows++;
                    continue;
                }

                if (labelValue < 0 || labelValue != (int)labelValue)
                {
                    _badLabelRows++;
                    continue;
                }

                getScores(ref buffer);
                if (buffer.Length != _classCount)
                {
                    throw new InvalidOperationException($"The column '{_score.Name}' promises {_classCount} scores and gives {buffer.Length}.");
                }

                buffer.CopyTo(scores);
                if (Array.Exists(scores, value => !float.IsFinite(value)))
                {
                    _badScoreRows++;
                    continue;
                }

                Count((int)labelValue, scores);
            }
        }

        Warn(env);
        return ToMetrics();
    }

    private Func<float> LabelReader(DataViewRow row)
    {
        if (_label.Type is KeyDataViewType)
        {
            return (Func<float>)GenericCall.Static(typeof(MulticlassClassificationEvaluator), nameof(KeyReader), _label.Type.RawType, row, _label);
        }

        ValueGetter<float> getter = row.GetGetter<float>(_label);
        float value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    /// <summary>Key 1 is class 0; a missing key is no label.</summary>
    private static Func<float> KeyReader<TKey>(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<TKey> getter = row.GetGetter<TKey>(label);
        TKey key = default;
        return () =>
        {
            getter(ref key);
            ulong index = Convert.ToUInt64(key, CultureInfo.InvariantCulture);
            return index == 0 ? float.NaN : index - 1;
        };
    }

    private void Count(int label, float[] scores)
    {
        _rows++;
        if (label >= _classCount)
        {
            _unknownClassRows++;
            _logLoss -= Math.Log(LeastProbability);
            return;
        }

        _logLoss -= Math.Log(Math.Clamp(scores[label], LeastProbability, 1));

        // Of equal scores the class with the smaller number comes first.
        int assigned = Array.IndexOf(scores, scores.Max());
        _confusion[label][assigned]++;
        if (assigned == label)
        {
            _correct++;
        }
    }

    private void Warn(IHostEnvironment env)
    {
        using IChannel channel = env.Start("Evaluation");
        Warn(channel, _unlabelledRows, "without label; they were ignored");
        Warn(channel, _badScoreRows, "with scores that are not finite; they were ignored");
        Warn(channel, _badLabelRows, "with labels that are negative or not whole; they were ignored");
        Warn(channel, _unknownClassRows, "of classes not seen in training; they make the log-loss higher");
    }

    private static void Warn(IChannel channel, long rows, string what)
    {
        if (rows > 0)
        {
            channel.Warning(MessageSensitivity.None, "Found {0} rows {1}.", rows, what);
        }
    }

    private MulticlassClassificationMetrics ToMetrics() =>
        new(_rows > 0 ? _logLoss / _rows : 0, _rows > 0 ? _correct / _rows : 0, new ConfusionMatrix(ClassNames(), _confusion));

    private string[] ClassNames()
    {
        if (!_score.HasSlotNames())
        {
            return Enumerable.Range(0, _classCount).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        _score.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }
}
