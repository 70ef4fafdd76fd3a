namespace Microsoft.ML.Spatial.Training;

/// <summary>What <see cref="TrainingLoop{TBatch}"/> is told, already checked.</summary>
internal sealed record TrainingSettings
{
    public required int Epochs { get; init; }

    public required OptimizerKind Optimizer { get; init; }

    public required double LearningRate { get; init; }

    public required double Beta1 { get; init; }

    public required double Beta2 { get; init; }

    public required double Epsilon { get; init; }

    public required double Momentum { get; init; }

    public required double WeightDecay { get; init; }

    public required LearningRateSchedule Schedule { get; init; }

    /// <summary>Epochs after which the learning rate is multiplied.</summary>
    public required IReadOnlyList<int> StepEpochs { get; init; }

    public required double StepFactor { get; init; }

    public required int WarmupSteps { get; init; }

    /// <summary>The longest gradient, null for any.</summary>
    public required double? GradientClip { get; init; }

    public required ValidationMetric Metric { get; init; }

    /// <summary>Validated epochs without gain after which to stop, null for any.</summary>
    public required int? Patience { get; init; }

    /// <summary>Epochs from one validation to the next.</summary>
    public required int ValidationEvery { get; init; }

    public required int? NumberOfThreads { get; init; }

    public required Action<TrainingEpoch>? EpochCompleted { get; init; }

    public required CancellationToken CancellationToken { get; init; }
}
