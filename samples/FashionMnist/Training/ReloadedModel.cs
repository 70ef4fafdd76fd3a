using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Training;

/// <summary>Trains a model, saves it and loads it again, so that both can be measured.</summary>
internal static class ReloadedModel
{
    /// <summary>Trains, saves, reloads, measures; both models are disposed then.</summary>
    /// <param name="console">Where the lines are written.</param>
    /// <param name="ml">The context.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="estimator">What is trained.</param>
    /// <param name="training">The rows trained on.</param>
    /// <param name="folder">The folder of the model's file, made where it is not there.</param>
    /// <param name="measure">Told the trained model, the one that was loaded again, and the file.</param>
    /// <param name="cancellationToken">Ends the training with the best model so far.</param>
    public static TResult Run<TModel, TResult>(
        IAnsiConsole console,
        MLContext ml,
        string name,
        IEstimator<TModel> estimator,
        IDataView training,
        string folder,
        Func<TModel, ITransformer, string, TResult> measure,
        CancellationToken cancellationToken)
        where TModel : class, ITransformer, IDisposable
    {
        using var model = console.Status().Start($"{name}: training", _ => estimator.Fit(training));
        if (cancellationToken.IsCancellationRequested)
            console.MarkupLine("[yellow]Cancelled: this is the best model so far.[/]");
        var file = Path.Combine(folder, "model.zip");
        ml.Model.SaveModel(model, training.Schema, file);
        var reloaded = ml.Model.Load(file, out _);
        try
        {
            return measure(model, reloaded, file);
        }
        finally
        {
            (reloaded as IDisposable)?.Dispose();
        }
    }
}
