using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Components;
using Microsoft.ML.Spatial.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Training;

/// <summary>The loop by itself, on a network of one weight.</summary>
[TestClass]
public sealed class TrainingLoopTests
{
    private readonly WatchedEnvironment _host = new(new MLContext(1));

    [TestMethod]
    public void LossesAreReportedByNameWithinEpochsAndAfter()
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        var epochs = Loop(network, Settings(), Parts(network)).Run();

        CollectionAssert.AreEqual(new[] { "Near", "Far" }, epochs[0].Losses.Keys.ToArray());
        Assert.AreEqual(epochs[0].TrainingLoss, epochs[0].Losses.Values.Sum(), 1e-5);

        // Three batches an epoch, then the epoch.
        Assert.HasCount(8, _host.Checkpoints);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            for (var batch = 0; batch < 3; batch++)
            {
                var values = _host.Checkpoints[(4 * epoch) + batch];
                Assert.IsNull(values[1]);
                Assert.AreEqual((epoch, batch) == (1, 2), values[5] == 0, "only after the last batch no time is left");
                Assert.AreEqual(values[0]!.Value, values[6]!.Value + values[7]!.Value, 1e-5);
                Assert.AreEqual((epoch, 2 * (batch + 1)), (values[8], values[9]));
            }

            var last = _host.Checkpoints[(4 * epoch) + 3];
            CollectionAssert.AreEqual(
                new double?[] { epochs[epoch].TrainingLoss, 0.5, null, epochs[epoch].ImagesPerSecond, null, epochs[epoch].Remaining!.Value.TotalSeconds, epochs[epoch].Losses["Near"], epochs[epoch].Losses["Far"], epoch + 1, 6 },
                last);
        }

        Assert.AreEqual(TimeSpan.Zero, epochs[1].Remaining);
        Assert.IsGreaterThan(TimeSpan.Zero, epochs[0].Remaining!.Value);
    }

    [TestMethod]
    public void ALossAloneHasNoParts()
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        var epochs = Loop(network, Settings(), batch => [new NamedLoss("Loss", network.weight.mul(batch.Count).sum())]).Run();
        Assert.IsEmpty(epochs[0].Losses);
        Assert.HasCount(8, _host.Checkpoints[0]);
    }

    [TestMethod]
    public void WithinEpochsProgressIsReportedNoOftenerThanTheInterval()
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        Loop(network, Settings(), Parts(network), TimeSpan.FromDays(1)).Run();
        Assert.HasCount(2, _host.Checkpoints);
    }

    [TestMethod]
    [DataRow(1, "1 2 3 4 5")]
    [DataRow(2, "2 4 5")]
    [DataRow(3, "3 5")]
    [DataRow(9, "5")]
    public void EpochsAreValidatedAsOftenAsAsked(int every, string validated)
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        var epochs = Loop(network, Settings() with { Epochs = 5, ValidationEvery = every }, Parts(network)).Run();
        Assert.AreEqual(validated, string.Join(' ', epochs.Where(epoch => epoch.ValidationLoss is not null).Select(epoch => epoch.Epoch)));
    }

    /// <summary>Validated are the epochs 2, 4, 6, 8 and so on; the loss falls in 2 and 4.</summary>
    [TestMethod]
    public void EarlyStoppingAndTheBestGoByTheEpochsValidated()
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        var weights = new List<float>();
        var losses = new Queue<double>([3, 2, 4, 5, 1, 1, 1]);
        var settings = Settings() with { Epochs = 20, ValidationEvery = 2, Patience = 2, EpochCompleted = _ => weights.Add(network.weight.item<float>()) };
        var epochs = Loop(network, settings, Parts(network), validate: () => new ValidationResult(losses.Dequeue())).Run();

        Assert.HasCount(8, epochs);
        Assert.AreEqual("1 2 4", string.Join(' ', epochs.Where(epoch => epoch.IsBest).Select(epoch => epoch.Epoch)), "until one is validated, the latest counts as the best");
        Assert.AreEqual(weights[3], network.weight.item<float>());
    }

    [TestMethod]
    public void TheStepScheduleMultipliesTheRateAfterItsEpochs()
    {
        using var network = nn.Linear(1, 1, hasBias: false);
        var settings = Settings() with { Epochs = 6, Schedule = LearningRateSchedule.Step, StepEpochs = [2, 3, 5, 9], StepFactor = 0.5, LearningRate = 0.25 };
        var epochs = Loop(network, settings, Parts(network)).Run();
        CollectionAssert.AreEqual(new[] { 0.25, 0.25, 0.125, 0.0625, 0.0625, 0.03125 }, epochs.Select(epoch => epoch.LearningRate).ToArray());
    }

    [TestMethod]
    public void RunningStatisticsThatAreNotFiniteEndTheTraining()
    {
        using var network = nn.BatchNorm2d(1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Loop(network, Settings(), batch =>
        {
            using (no_grad())
                network.running_mean!.mul_(float.PositiveInfinity);
            return [new NamedLoss("Loss", network.weight!.mul(batch.Count).sum())];
        }).Run());
        StringAssert.Contains(error.Message, "The weights are not finite after epoch 1");
    }

    private static Func<Batch, IReadOnlyList<NamedLoss>> Parts(Linear network) =>
        batch => [new NamedLoss("Near", network.weight.sub(3).abs().sum()), new NamedLoss("Far", network.weight.sub(batch.Count).pow(2).sum().mul(0.1))];

    internal static TrainingSettings Settings() => new()
    {
        Epochs = 2,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 0.01,
        Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-8,
        Momentum = 0.9,
        WeightDecay = 0,
        Schedule = LearningRateSchedule.Constant,
        StepEpochs = [],
        StepFactor = 0.1,
        WarmupSteps = 0,
        GradientClip = null,
        Metric = ValidationMetric.Loss,
        Patience = null,
        ValidationEvery = 1,
        NumberOfThreads = null,
        EpochCompleted = null,
        CancellationToken = CancellationToken.None,
    };

    private TrainingLoop<Batch> Loop(
        nn.Module network, TrainingSettings settings, Func<Batch, IReadOnlyList<NamedLoss>> losses, TimeSpan interval = default, Func<ValidationResult?>? validate = null) => new()
    {
        Settings = settings,
        Network = network,
        ParameterSets = ParameterSet.Of(network),
        OpenEpoch = _ => new Source(),
        StepsPerEpoch = 3,
        Losses = losses,
        Validate = validate ?? (() => new ValidationResult(0.5)),
        Host = _host,
        Checkpoint = null,
        PassOver = _ => Assert.Fail("nothing is gone on with"),
        ProgressInterval = interval,
    };

    private sealed class Batch : IBatch
    {
        public int Count => 2;

        public void Dispose()
        {
        }
    }

    private sealed class Source : IEpochSource<Batch>
    {
        public IEnumerable<Batch> Batches => [new(), new(), new()];

        public long Skipped => 0;
    }
}
