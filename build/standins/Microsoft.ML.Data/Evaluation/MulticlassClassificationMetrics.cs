namespace Microsoft.ML.Data;

/// <summary>How well rows were sorted into classes.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(double logLoss, double logLossReduction, double macroAccuracy, double microAccuracy,
        int topKPredictionCount, double[] topKAccuracyForAllK, double[] perClassLogLoss, ConfusionMatrix confusionMatrix)
    {
        LogLoss = logLoss;
        LogLossReduction = logLossReduction;
        MacroAccuracy = macroAccuracy;
        MicroAccuracy = microAccuracy;
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKAccuracyForAllK;
        PerClassLogLoss = perClassLogLoss;
        ConfusionMatrix = confusionMatrix;
    }

    /// <summary>The mean over the rows of -ln(probability of the true class).</summary>
    public double LogLoss { get; }

    /// <summary>By which part the loss is less than that of always answering how frequent each class is.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the classes of the part of their rows that was answered correctly.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The part of all rows that was answered correctly.</summary>
    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK == null ? 0 : TopKAccuracyForAllK[TopKAccuracyForAllK.Count - 1];

    public int TopKPredictionCount { get; }

    /// <summary>The part of all rows whose true class is among the first 1, 2, 3 ... answers; null if it was not asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
