using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Compares a promised schema with a delivered one, both ways, annotations included.</summary>
internal static class SchemaAssert
{
    public static void PromisedIsDelivered<T>(IEstimator<T> estimator, IDataView input)
        where T : class, ITransformer
    {
        var promised = estimator.GetOutputSchema(SchemaShapes.Of(input.Schema));
        var transformer = estimator.Fit(input);
        try
        {
            var delivered = SchemaShapes.Of(Visible(transformer.GetOutputSchema(input.Schema)));
            AreEqual(promised, delivered, "");
            AreEqual(promised, SchemaShapes.Of(Visible(transformer.Transform(input).Schema)), "");
        }
        finally
        {
            (transformer as IDisposable)?.Dispose();
        }
    }

    private static void AreEqual(SchemaShape promised, SchemaShape delivered, string path)
    {
        CollectionAssert.AreEquivalent(promised.Select(column => column.Name).ToArray(), delivered.Select(column => column.Name).ToArray(), $"columns of '{path}'");
        foreach (var expected in promised)
        {
            var actual = delivered.Single(column => column.Name == expected.Name);
            var name = $"{path}/{expected.Name}";
            Assert.AreEqual(expected.Kind, actual.Kind, name);
            Assert.AreEqual(expected.ItemType, actual.ItemType, name);
            Assert.AreEqual(expected.IsKey, actual.IsKey, name);
            AreEqual(expected.Annotations, actual.Annotations, name);
        }
    }

    private static DataViewSchema Visible(DataViewSchema schema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema.Where(column => !column.IsHidden).Select(column => new DataViewSchema.DetachedColumn(column)));
        return builder.ToSchema();
    }
}
