using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Training;

[TestClass]
public sealed class ScheduledOptimizerTests
{
    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    /// <summary>Two weights in sets of their own, the second of which has gradients in the first two steps alone: it goes on by momentum and weight decay.</summary>
    [TestMethod]
    [DataRow(OptimizerKind.Adam, 0.9)]
    [DataRow(OptimizerKind.AdamW, 0.9)]
    [DataRow(OptimizerKind.Sgd, 0.9)]
    [DataRow(OptimizerKind.Sgd, 0.0)]
    public void GoesOnAsIfItHadNeverEnded(OptimizerKind kind, double momentum)
    {
        var before = LiveTensors;
        using (var network = new Two())
        using (var optimizer = network.Optimizer(kind, momentum))
        {
            for (var step = 0; step < 3; step++)
                network.Step(optimizer, step);

            using var other = new Two();
            using var restored = other.Optimizer(kind, momentum);
            using (no_grad())
            {
                other.First.copy_(network.First);
                other.Second.copy_(network.Second);
            }

            restored.Restore(optimizer.Progress, optimizer.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value));
            Assert.AreEqual(optimizer.LearningRate, restored.LearningRate);
            var (first, second) = (network.First.item<float>(), network.Second.item<float>());
            for (var step = 3; step < 6; step++)
            {
                network.Step(optimizer, step);
                other.Step(restored, step);
                Assert.AreEqual(network.First.item<float>(), other.First.item<float>());
                Assert.AreEqual(network.Second.item<float>(), other.Second.item<float>());
                Assert.AreEqual(optimizer.LearningRate, restored.LearningRate);
            }

            Assert.AreNotEqual(first, network.First.item<float>());
            Assert.AreNotEqual(second, network.Second.item<float>(), "the weight without gradients moves on");
        }

        Assert.AreEqual(before, LiveTensors);
    }

    [TestMethod]
    public void WhatIsOfOtherParametersIsRefused()
    {
        using var network = new Two();
        using var optimizer = network.Optimizer(OptimizerKind.Adam, 0.9);
        network.Step(optimizer, 0);
        var tensors = optimizer.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        Assert.HasCount(4, tensors);

        Assert.ThrowsExactly<FormatException>(() => optimizer.Restore(optimizer.Progress with { ParameterSteps = [1] }, tensors));
        Assert.ThrowsExactly<FormatException>(() => optimizer.Restore(optimizer.Progress with { HasGradient = [] }, tensors));
        tensors.Remove("1/exp_avg_sq");
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => optimizer.Restore(optimizer.Progress, tensors)).Message, "'1/exp_avg_sq'");
    }

    private sealed class Two : IDisposable
    {
        private readonly Linear _first = nn.Linear(1, 1, hasBias: false);
        private readonly Linear _second = nn.Linear(1, 1, hasBias: false);

        public Two()
        {
            using var noGradient = no_grad();
            nn.init.constant_(First, 0.5);
            nn.init.constant_(Second, -0.25);
        }

        public Parameter First => _first.weight;

        public Parameter Second => _second.weight;

        public ScheduledOptimizer Optimizer(OptimizerKind kind, double momentum) => new(
            TrainingLoopTests.Settings() with { Optimizer = kind, Momentum = momentum, WeightDecay = 0.1, Schedule = LearningRateSchedule.Cosine, WarmupSteps = 4 },
            [new ParameterSet([First], 1), new ParameterSet([], 3), new ParameterSet([Second], 0.5)], steps: 8);

        public void Step(ScheduledOptimizer optimizer, int step)
        {
            using var scope = NewDisposeScope();
            var loss = First.pow(2).sum();
            optimizer.Step(step < 2 ? loss.add(Second.mul(First).sum()) : loss, epoch: 1);
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }
    }
}
