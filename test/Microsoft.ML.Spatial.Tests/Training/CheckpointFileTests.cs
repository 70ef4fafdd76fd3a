using System.Security.Cryptography;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Tests.Data;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Training;

[TestClass]
public sealed class CheckpointFileTests
{
    private readonly TemporaryFolder _folder = new();

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private string FilePath => _folder.Path(CheckpointFile.Name);

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void WhatIsWrittenIsRead()
    {
        var before = LiveTensors;
        var state = Write();
        var file = CheckpointFile.Open(_folder.Root);

        Assert.AreEqual(7, file.Found!.Seed);
        Assert.AreEqual("3", file.Found.Fingerprint["BatchSize"]);
        CollectionAssert.AreEqual(state.Epochs, file.Found.State.Epochs);
        Assert.AreEqual(state.Best, file.Found.State.Best);
        Assert.AreEqual((11, 2), (file.Found.State.Images, file.Found.State.EpochsWithoutGain));
        CollectionAssert.AreEqual(new[] { 5L, 0 }, file.Found.Optimizer.ParameterSteps);
        CollectionAssert.AreEqual(new[] { true, false }, file.Found.Optimizer.HasGradient);
        var calls = 0;
        file.Restore(tensors =>
        {
            calls++;
            CollectionAssert.AreEquivalent(new[] { "network/a", "optimizer/0/exp_avg" }, tensors.Keys.ToArray());
            CollectionAssert.AreEqual(new[] { 1.5f, float.NaN, -0f }, tensors["network/a"].data<float>().ToArray());
        });
        Assert.AreEqual(1, calls);
        Assert.AreEqual(before, LiveTensors);
    }

    [TestMethod]
    public void AFileCutAnywhereIsRefused()
    {
        Write();
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            AssertRefused($"{length} of {whole.Length} bytes");
        }
    }

    [TestMethod]
    public void AFileWithAnyByteAlteredIsRefused()
    {
        Write();
        var whole = File.ReadAllBytes(FilePath);
        for (var i = 0; i < whole.Length; i++)
        {
            var altered = whole.ToArray();
            altered[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(FilePath, altered);
            AssertRefused($"byte {i}");
        }

        File.WriteAllBytes(FilePath, [.. whole, 0]);
        AssertRefused("a byte more");
    }

    /// <summary>A header that claims more than there is, under a hash that is right.</summary>
    [TestMethod]
    [DataRow(int.MaxValue)]
    [DataRow(-1)]
    [DataRow(1 << 27)]
    public void ALengthThatCannotBeIsRefused(int length)
    {
        const int HashAt = 12;
        Write();
        var bytes = File.ReadAllBytes(FilePath);
        BitConverter.GetBytes(length).CopyTo(bytes, HashAt + SHA256.HashSizeInBytes);
        SHA256.HashData(bytes.AsSpan(HashAt + SHA256.HashSizeInBytes)).CopyTo(bytes, HashAt);
        File.WriteAllBytes(FilePath, bytes);
        AssertRefused($"length {length}");
    }

    /// <summary>What a process killed while it writes leaves behind, in a folder with another file.</summary>
    [TestMethod]
    public void AHalfWrittenFileIsRemovedAndTheWholeOneStays()
    {
        Write();
        File.WriteAllBytes($"{FilePath}.{Guid.NewGuid():N}.tmp", File.ReadAllBytes(FilePath)[..100]);
        _folder.Write("notes.tmp", "of someone else");

        Assert.IsNotNull(CheckpointFile.Open(_folder.Root).Found);

        CollectionAssert.AreEquivalent(new[] { CheckpointFile.Name, "notes.tmp" }, Directory.GetFiles(_folder.Root).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void AFolderThatCannotBeIsRefused()
    {
        var file = _folder.Write("file", "");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => CheckpointFile.Open(file));
        StringAssert.Contains(error.Message, $"Option CheckpointFolder is '{file}'");
    }

    [TestMethod]
    public void EachDifferenceIsNamedWithBothValues()
    {
        Write();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => CheckpointFile.Open(_folder.Root).Bind(8, new() { ["BatchSize"] = "4", ["Width"] = "64" }));
        StringAssert.Contains(error.Message, FilePath);
        StringAssert.Contains(error.Message, "BatchSize is 3 in the checkpoint and 4 now; Width is not there in the checkpoint and 64 now; Seed is 7 in the checkpoint and 8 now");
        StringAssert.Contains(error.Message, "another folder, or remove the file");
    }

    [TestMethod]
    public void LongValuesAreShownWhereTheyDiffer()
    {
        var (then, now) = (new string('a', 500) + "1" + new string('b', 500), new string('a', 500) + "2" + new string('b', 500));
        var text = TrainingFingerprint.Difference("Names", then, now);
        StringAssert.Contains(text, "aa1bb");
        StringAssert.Contains(text, "aa2bb");
        Assert.IsLessThan(350, text.Length);
    }

    private void AssertRefused(string what)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => CheckpointFile.Open(_folder.Root), what);
        StringAssert.Contains(error.Message, FilePath, what);
        StringAssert.Contains(error.Message, "remove it", what);
    }

    private TrainingState Write()
    {
        using var scope = NewDisposeScope();
        var state = new TrainingState
        {
            Epochs = [new TrainingEpoch(1, 9, 0.1 + 0.2, double.NaN, null, 3.5, TimeSpan.FromTicks(123456789), 1e-3, 1, true) { Losses = new Dictionary<string, double> { ["Box"] = 1 / 3.0 }, Remaining = TimeSpan.FromTicks(5) }],
            Images = 11,
            Best = new ValidationResult(double.PositiveInfinity, AveragePrecision: 0.25),
            EpochsWithoutGain = 2,
        };
        var file = CheckpointFile.Open(_folder.Root);
        file.Bind(7, new() { ["BatchSize"] = "3" });
        file.Write(state, new OptimizerProgress(5, 0.5, [5, 0], [true, false]),
        [
            ("network/a", TensorFactory.FromArray<float>([1.5f, float.NaN, -0f], [3], CPU)), ("optimizer/0/exp_avg", TensorFactory.FromArray<float>([1, 2], [2, 1], CPU)),
        ]);
        return state;
    }
}
