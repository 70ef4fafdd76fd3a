using Microsoft.ML.Spatial.Samples.FashionMnist.Training;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;

/// <summary>What came of one model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="TestWrong">The number of wrong predictions on the test pictures.</param>
/// <param name="TestError">Their share in percent.</param>
/// <param name="IsSameReloaded">Whether the saved model, loaded again, predicts the same class for every test picture.</param>
/// <param name="ImagesPerSecond">Training images a second, over all epochs.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="ModelFile">The saved model.</param>
internal sealed record PairResult(
    string Model, long Parameters, int TestWrong, double TestError, bool IsSameReloaded, double ImagesPerSecond, IReadOnlyList<EpochResult> Epochs, string ModelFile);
