namespace Microsoft.ML.Spatial.Training;

/// <summary>How far a training has come, apart from its weights; as JSON it is part of a checkpoint.</summary>
internal sealed record TrainingState
{
    /// <summary>What the finished epochs came to.</summary>
    public required TrainingEpoch[] Epochs { get; init; }

    /// <summary>Images trained on in all finished epochs.</summary>
    public required long Images { get; init; }

    /// <summary>The validation of the best epoch; null while no epoch has been validated.</summary>
    public required ValidationResult? Best { get; init; }

    /// <summary>Validated epochs since the last that was better than all before.</summary>
    public required int EpochsWithoutGain { get; init; }
}
