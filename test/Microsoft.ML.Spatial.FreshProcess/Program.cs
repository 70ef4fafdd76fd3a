using Microsoft.ML.Spatial.FreshProcess;

// predict MODEL   loads a saved pipeline as an application does that has never heard of Microsoft.ML.Spatial, and prints what it predicts
// warp MODEL      loads a saved image warp in the same way, and prints what it makes of pictures
// fit             fits the standard pipeline, and prints the hash of its weights
// train FOLDER    fits with checkpoints in a folder, prints each epoch as it ends and the hash of the weights
switch (args)
{
    case ["predict", var model]:
        SavedPipeline.Print(model);
        return 0;
    case ["warp", var model]:
        SavedWarp.Print(model);
        return 0;
    case ["fit"]:
        Console.WriteLine(StandardFit.WeightHash());
        return 0;
    case ["train", var folder]:
        Console.WriteLine(CheckpointedFit.WeightHash(folder, Console.WriteLine));
        return 0;
    default:
        Console.Error.WriteLine("usage: predict MODEL | warp MODEL | fit | train FOLDER");
        return 2;
}
