using Microsoft.ML.Spatial.FreshProcess;

// predict MODEL   loads a saved pipeline as an application does that has never heard of Microsoft.ML.Spatial, and prints what it predicts
// fit             fits the standard pipeline, and prints the hash of its weights
switch (args)
{
    case ["predict", var model]:
        SavedPipeline.Print(model);
        return 0;
    case ["fit"]:
        Console.WriteLine(StandardFit.WeightHash());
        return 0;
    default:
        Console.Error.WriteLine("usage: predict MODEL | fit");
        return 2;
}
