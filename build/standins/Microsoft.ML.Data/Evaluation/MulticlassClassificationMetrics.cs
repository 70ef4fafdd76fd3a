namespace Microsoft.ML.Data;

/// <summary>How well rows were sorted into classes.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(double logLoss, double microAccuracy, ConfusionMatrix confusionMatrix)
    {
        LogLoss = logLoss;
        MicroAccuracy = microAccuracy;
        ConfusionMatrix = confusionMatrix;
    }

    /// <summary>The mean over the rows of -ln(probability of the true class).</summary>
    public double LogLoss { get; }

    /// <summary>The part of all rows that was answered correctly.</summary>
    public double MicroAccuracy { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
