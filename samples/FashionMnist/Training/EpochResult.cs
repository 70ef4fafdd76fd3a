namespace Microsoft.ML.Spatial.Samples.FashionMnist.Training;

/// <summary>What came of one epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingLoss">The mean training loss.</param>
/// <param name="ValidationLoss">The validation loss after it.</param>
/// <param name="ValidationAccuracy">The validation accuracy after it, from 0 to 1.</param>
/// <param name="ImagesPerSecond">Training images a second.</param>
/// <param name="WorkingSetBytes">The process's memory at its end.</param>
internal sealed record EpochResult(int Epoch, double TrainingLoss, double? ValidationLoss, double? ValidationAccuracy, double ImagesPerSecond, long WorkingSetBytes);
