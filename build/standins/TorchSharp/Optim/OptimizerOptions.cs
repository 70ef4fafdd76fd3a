namespace TorchSharp.Modules;

/// <summary>Options of an optimiser; what a group leaves open, its optimiser fills in.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }
}
