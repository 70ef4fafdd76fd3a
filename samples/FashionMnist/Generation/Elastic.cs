namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// E: q = p + d(p), where the thin plate spline d, with U(r) = r^2 ln r^2 and an affine part, takes the value
/// 1.5 (normal(4j), normal(4j+2)) at control point j. The 16 control points are the regular grid of [-13.5, 13.5] in both
/// directions, row by row. The canvas is of the picture's own size.
/// </summary>
internal sealed class Elastic : Warp
{
    private const int ControlsPerSide = 4;
    private const int Controls = ControlsPerSide * ControlsPerSide;
    private const int Unknowns = Controls + 3;
    private const int Side = 28;
    private const double Spread = 1.5;

    // Row j: how much the value at control point j adds to the spline at each pixel.
    private static readonly double[] Basis = MakeBasis();

    /// <inheritdoc/>
    public override string Name => "E";

    /// <inheritdoc/>
    public override string Description => "elastic, a thin plate spline with 16 control points moved at random";

    /// <inheritdoc/>
    public override int Id => 3;

    /// <inheritdoc/>
    public override int CanvasSide => Side;

    /// <inheritdoc/>
    protected override void Map(CounterUniforms uniforms, Span<double> qx, Span<double> qy)
    {
        qx.Clear();
        qy.Clear();
        for (int j = 0; j < Controls; j++)
        {
            double dx = Spread * uniforms.Normal(4 * j), dy = Spread * uniforms.Normal(4 * j + 2);
            var weights = Basis.AsSpan(j * Side * Side, qx.Length);
            for (int k = 0; k < weights.Length; k++)
            {
                qx[k] += dx * weights[k];
                qy[k] += dy * weights[k];
            }
        }

        for (int k = 0; k < qx.Length; k++)
        {
            qx[k] += PixelX(k);
            qy[k] += PixelY(k);
        }
    }

    private static double PixelX(int pixel) => pixel % Side - Centre;

    private static double PixelY(int pixel) => pixel / Side - Centre;

    private static double ControlX(int control) => Control(control % ControlsPerSide);

    private static double ControlY(int control) => Control(control / ControlsPerSide);

    private static double Control(int place) => -Centre + place * (2 * Centre / (ControlsPerSide - 1));

    private static double U(double x, double y)
    {
        double square = x * x + y * y;
        return square > 0 ? square * Math.Log(square) : 0;
    }

    /// <summary>
    /// The spline's coefficients solve L (f, a) = (values, 0) with L = [U P; P^T 0]; its value at a point is k^T (f, a). L is
    /// symmetric, so the weight of each value is the start of L^-1 k.
    /// </summary>
    private static double[] MakeBasis()
    {
        const int pixels = Side * Side;
        var system = new double[Unknowns * Unknowns];
        var basis = new double[Unknowns * pixels];
        for (int j = 0; j < Controls; j++)
        {
            double x = ControlX(j), y = ControlY(j);
            for (int other = 0; other < Controls; other++)
                system[j * Unknowns + other] = U(x - ControlX(other), y - ControlY(other));
            ReadOnlySpan<double> affine = [1, x, y];
            for (int a = 0; a < affine.Length; a++)
                system[j * Unknowns + Controls + a] = system[(Controls + a) * Unknowns + j] = affine[a];
            for (int k = 0; k < pixels; k++)
                basis[j * pixels + k] = U(PixelX(k) - x, PixelY(k) - y);
        }

        for (int k = 0; k < pixels; k++)
        {
            basis[Controls * pixels + k] = 1;
            basis[(Controls + 1) * pixels + k] = PixelX(k);
            basis[(Controls + 2) * pixels + k] = PixelY(k);
        }

        LinearSystem.Solve(system, basis, Unknowns, pixels);
        return basis;
    }
}
