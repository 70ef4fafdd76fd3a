namespace Microsoft.ML.Spatial.Modules;

/// <summary>How a detector gets from features to objects.</summary>
public enum DetectionArchitecture
{
    /// <summary>
    /// One stage, without anchors: every position of the features says of each class whether an object of it is there, how far its sides are, and how near its centre the position lies
    /// (Tian et al. 2019, FCOS, arXiv 1904.01355).
    /// </summary>
    Fcos,

    /// <summary>
    /// Two stages: regions proposed from anchors; then each region's features, pooled by RoI align or deformable RoI pooling, tell its class and its box (Ren et al. 2015, Faster R-CNN,
    /// arXiv 1506.01497).
    /// </summary>
    FasterRcnn,

    /// <summary>
    /// Two stages: regions proposed from anchors; then each part of a region votes with score maps of its own, pooled position-sensitively, plainly or deformably (Dai et al. 2016, R-FCN,
    /// arXiv 1605.06409).
    /// </summary>
    Rfcn,
}
