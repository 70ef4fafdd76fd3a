using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Persistence;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Persistence;

[TestClass]
public class SafetensorsTests
{
    private const long Plenty = 1 << 20;

    [TestMethod]
    public void ReadsBackWhatItWrote()
    {
        using var scope = torch.NewDisposeScope();
        (string, Tensor)[] tensors =
        [
            ("weights.b", TensorFactory.FromArray<float>([1, 2, 3, 4, 5, 6], [2, 3], CPU)),
            ("turned", Singles([1, 2, 3, 4, 5, 6], 2, 3).transpose(0, 1)),
            ("doubles", TensorFactory.FromArray<double>([Math.PI], [1, 1], CPU)),
            ("halves", Singles([1.5, -0.25, 65504], 3).to_type(ScalarType.Float16)),
            ("short", Singles([1.5, -0.25, 1e38], 3, 1).to_type(ScalarType.BFloat16)),
            ("longs", TensorFactory.FromArray<long>([long.MinValue, long.MaxValue], [2], CPU)),
            ("bytes", TensorFactory.FromArray<byte>([0, 128, 255], [3], CPU)),
            ("number", TensorFactory.FromArray<float>([7], [], CPU)),
            ("none", Singles([], 0, 4)),
            ("Größe \"x\"", Singles([2], 1)),
        ];

        var read = Read(Write(tensors, new Dictionary<string, string> { ["format"] = "pt" }));

        CollectionAssert.AreEquivalent(tensors.Select(tensor => tensor.Item1).ToArray(), read.Keys);
        foreach (var (name, value) in tensors)
        {
            Assert.AreEqual(value.dtype, read[name].dtype, name);
            CollectionAssert.AreEqual(value.shape, read[name].shape, name);
            CollectionAssert.AreEqual(Values(value), Values(read[name]), name);
        }

        Assert.AreEqual(long.MaxValue, read["longs"][1].item<long>());
    }

    [TestMethod]
    public void WritesTheFormatByteForByte()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Write([("w", Singles([1, 2], 1, 2)), ("n", TensorFactory.FromArray<byte>([9], [1], CPU))], null);

        const string Header = """{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"n":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        CollectionAssert.AreEqual(Image(padded, [0, 0, 128, 63, 0, 0, 0, 64, 9]), bytes);
    }

    [TestMethod]
    public void ReadsTensorsInTheOrderOfTheirData()
    {
        using var scope = torch.NewDisposeScope();
        var read = Read(Image("""{"b":{"data_offsets":[1,2],"shape":[],"dtype":"U8"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [5, 6]));

        AreClose([5], read["a"], 0);
        AreClose([6], read["b"], 0);
    }

    [TestMethod]
    [DataRow("[]", "", "The header is a JSON Array")]
    [DataRow("{\"a\":", "", "not valid JSON")]
    [DataRow("""{"a":1}""", "", "Tensor 'a' is a JSON Number")]
    [DataRow("""{"\ud800":{}}""", "", "not valid JSON")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1]}}""", "", "needs dtype, shape and two data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "", "needs dtype, shape and two data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}""", "0000", "'code'")]
    [DataRow("""{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,4]}}""", "0000", "'dtype'")]
    [DataRow("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", "0000", "'F8_E4M3'")]
    [DataRow("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,4]}}""", "0000", "dtype is a JSON Number")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "0000", "shape holds -1")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", "000000", "shape holds 1.5")]
    [DataRow("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "0000", "shape holds \"1\"")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "0000", "takes 8 bytes, but its offsets span 4")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "0000", "span -4")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "", "2 axes and takes 17179869184 bytes or more")]
    [DataRow("""{"a":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,4294967296]}}""", "", "at most 16 axes and 2147483647 bytes")]
    [DataRow("""{"a":{"dtype":"U8","shape":[0,4611686018427387904,8],"data_offsets":[0,0]}}""", "", "at most 16 axes and 2147483647 bytes")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", "0", "17 axes")]
    [DataRow("""{"a":{"dtype":"U8","shape":[2000000],"data_offsets":[0,2000000]}}""", "", "more than the 1048576 allowed")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "00", "'a' begins at byte 1, but the one before it ends at 0")]
    [DataRow("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", "000", "'b' begins at byte 1")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "00", "'a' twice")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "00", "belong to no tensor")]
    [DataRow("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "00", "within tensor 'a': 2 of its 3 bytes")]
    [DataRow("""{"__metadata__":{"a":1}}""", "", "metadata 'a' is a JSON Number")]
    [DataRow("""{"__metadata__":"x"}""", "", "__metadata__ is a JSON String")]
    public void RefusesADamagedHeader(string header, string data, string part)
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.ThrowsExactly<FormatException>(() => Read(Image(header, Encoding.ASCII.GetBytes(data))));
        StringAssert.Contains(error.Message, part);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    [DataRow(long.MinValue)]
    [DataRow(1L + (16 << 20))]
    [DataRow(long.MaxValue)]
    public void RefusesAnImpossibleHeaderLength(long length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        var error = Assert.ThrowsExactly<FormatException>(() => Read(bytes));
        StringAssert.Contains(error.Message, $"a length of {length} bytes");
    }

    [TestMethod]
    public void RefusesEveryTruncation()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Write([("a", Singles([1, 2, 3], 3)), ("b", Singles([4], 1))], null);
        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsExactly<FormatException>(() => Read(bytes[..length]), $"{length} of {bytes.Length} bytes");
    }

    [TestMethod]
    public void AnyAlteredByteGivesAFormatErrorOrTensors()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Write([("a", Singles([1, 2, 3], 3)), ("b", Singles([4], 1))], null);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in new byte[] { 0, 0x22, 0x39, 0x7B, 0x80, 0xFF })
            {
                var altered = (byte[])bytes.Clone();
                altered[at] = value;
                try
                {
                    Read(altered);
                }
                catch (FormatException)
                {
                }
            }
        }
    }

    [TestMethod]
    [DoNotParallelize]
    public void AFailedReadLeavesNoTensor()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Write([("a", Singles([1, 2, 3], 3)), ("b", Singles([4], 1))], null);
        var before = LiveTensors();

        Assert.ThrowsExactly<FormatException>(() => Read(bytes[..^1]));

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void RefusesToWriteWhatItCouldNotRead()
    {
        using var scope = torch.NewDisposeScope();
        var one = Singles([1], 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Write([("a", one), ("a", one)], null)).Message, "'a' is used twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Write([("__metadata__", one)], null)).Message, "__metadata__");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Write([("a", one.to_type(ScalarType.Int32))], null)).Message, "Int32");
    }

    private static byte[] Write((string, Tensor)[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static Dictionary<string, Tensor> Read(byte[] bytes) => Safetensors.Read(new MemoryStream(bytes), Plenty, CPU);

    private static byte[] Image(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + text.Length);
        return bytes;
    }
}
