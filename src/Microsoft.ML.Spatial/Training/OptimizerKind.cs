namespace Microsoft.ML.Spatial.Training;

/// <summary>The optimisers a trainer offers, as torch defines them.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015, arXiv 1412.6980); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}
